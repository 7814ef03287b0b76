package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Loopback;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.SoftToken;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in a token of SoftHSM2, whose library the service loads in a process of its own. */
@Tag("other-programs")
class Pkcs11IT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    /** What the page on keys promises, for a machine that does something else at the same time. */
    private static final Duration BACK = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Map<String, String> environment(SoftToken token, String object, String algorithm) {
        Map<String, String> environment = new HashMap<>(Loopback.trusted(token.environment()));
        environment.putAll(
                Map.of("SIGNING_PKCS11", token.uri(object), "SIGNING_ALGORITHM", algorithm, "TOKEN_AUDIENCE", "api"));
        return environment;
    }

    private static Response token(RunningJar service) {
        return Http.send(service.port(), TestService.tokenRequest(GOOD));
    }

    private static String alg(RunningJar service) throws Exception {
        JWKSet keys = JWKSet.parse(
                Http.send(service.port(), Request.get("/.well-known/jwks.json")).body());
        return TestToken.of(keys, token(service).text("id_token"))
                .header()
                .path("alg")
                .textValue();
    }

    private static String health(RunningJar service) {
        return Http.send(service.adminPort(), Request.get("/healthcheck")).body();
    }

    @Test
    void token_isLostAndComesBack_noTokensMeanwhileAndKeysAllTheTime() throws Exception {
        SoftToken token = SoftToken.make(folder).key("first", "01", "rsa:2048").key("second", "02", "rsa:2048");
        try (RunningJar service = RunningJar.start(folder, environment(token, ";object=first", "RS256"), List.of())) {
            assertThat(alg(service)).isEqualTo("RS256");
            String keys = Http.send(service.port(), Request.get("/.well-known/jwks.json"))
                    .body();
            assertThat(JWKSet.parse(keys).getKeys()).hasSize(2);

            token.takeAway();

            Eventually.within(BACK, 503, () -> token(service).status());
            assertThat(token(service).text("error")).isEqualTo("temporarily_unavailable");
            assertThat(token(service).header("retry-after")).isEqualTo("5");
            assertThat(health(service)).contains("\"signing-key\":{\"healthy\":false");
            assertThat(Http.send(service.port(), Request.get("/.well-known/jwks.json"))
                            .body())
                    .isEqualTo(keys);

            token.bringBack();

            Eventually.within(BACK, 200, () -> token(service).status());
            assertThat(health(service)).contains("\"signing-key\":{\"healthy\":true");
            assertThat(service.log())
                    .contains("the token of SIGNING_PKCS11 is lost", "the token of SIGNING_PKCS11 is back");
        }
    }

    @Test
    void library_hangs_requestsEndInTimeAndTokensComeBack() throws Exception {
        SoftToken token = SoftToken.make(folder).key("key", "01", "EC:prime256v1");
        try (RunningJar service = RunningJar.start(folder, environment(token, "", "ES256"), List.of())) {
            assertThat(alg(service)).isEqualTo("ES256");

            token.hang();

            Eventually.within(BACK, 503, () -> token(service).status());
            long start = System.nanoTime();
            assertThat(Http.send(service.port(), Request.get("/.well-known/openid-configuration"))
                            .status())
                    .isEqualTo(200);
            assertThat(token(service).status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));

            token.release();

            Eventually.within(BACK, 200, () -> token(service).status());
        }
    }

    @Test
    void start_severalKeysAndNoLabel_refusedWithWhatToDo() throws Exception {
        SoftToken token = SoftToken.make(folder).key("a", "01", "EC:prime256v1").key("b", "02", "EC:prime256v1");

        RunningJar.Ended ended = RunningJar.run(environment(token, "", "ES256"), "server", "config.yml");

        assertThat(ended.status()).isNotZero();
        assertThat(ended.output())
                .contains("SIGNING_PKCS11: the token has several ES256 keys: name the label of the one that signs");
    }

    @Test
    void start_wrongPin_refused() throws Exception {
        SoftToken token = SoftToken.make(folder);
        Files.writeString(token.pinFile(), "9999");

        RunningJar.Ended ended = RunningJar.run(environment(token, "", "ES256"), "server", "config.yml");

        assertThat(ended.status()).isNotZero();
        assertThat(ended.output())
                .contains("SIGNING_PKCS11: the token refuses the PIN")
                .doesNotContain("9999");
    }

    @Test
    void doctor_keyThatMayLeaveTheToken_warns() throws Exception {
        SoftToken token = SoftToken.make(folder).importedKey("imported", "01");

        RunningJar.Ended ended = RunningJar.run(environment(token, "", "RS256"), "doctor", "config.yml");

        assertThat(ended.output()).containsPattern("WARN +pkcs11-keys.*the key imported");
    }
}
