package dev.tokenservice.signing;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of keys with metadata that changes while the service runs. */
class WatchedKeysIT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    /** What the service promises. */
    private static final Duration IN_FORCE = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final Instant now = Instant.now();
    private ECKey first = key();
    private ECKey second = key();

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void activeKeyAndSuccessor() throws Exception {
        write("1", first, now.minus(Duration.ofDays(30)));
        write("2", second);
    }

    private void write(String name, ECKey key, Instant... activates) throws Exception {
        metadata(name, activates);
        Path part = folder.resolve("." + name);
        Files.writeString(part, TestAuthority.pem(key.toPrivateKey()));
        Files.move(part, folder.resolve(name + ".pem"));
    }

    private void metadata(String name, Instant... activates) throws Exception {
        Files.writeString(
                folder.resolve(name + ".json"),
                "{\"algorithm\":\"ES256\",\"created\":\"2026-01-01T00:00:00+01:00\"%s}"
                        .formatted(activates.length == 0 ? "" : ",\"activates\":\"" + activates[0] + "\""));
    }

    private TestService start() {
        return TestService.start(Map.of("SIGNING_KEYS", folder.toString()));
    }

    private static String signs(TestService service) {
        return TestToken.of(service, service.token(GOOD)).header().path("kid").textValue();
    }

    private static Set<String> published(TestService service) {
        Set<String> ids = new TreeSet<>();
        TestToken.keys(service).getKeys().forEach(key -> ids.add(key.getKeyID()));
        return ids;
    }

    private static Set<String> ids(ECKey... keys) {
        Set<String> ids = new TreeSet<>();
        for (ECKey key : keys) {
            ids.add(key.getKeyID());
        }
        return ids;
    }

    private static double keys(TestService service, String state) {
        return TestMetrics.of(service)
                .value("token_service_signing_keys", Map.of("algorithm", "ES256", "state", state));
    }

    @Test
    void files_thatComeChangeAndGo_areInForceWithoutARestart() throws Exception {
        try (TestService service = start()) {
            assertThat(signs(service)).isEqualTo(first.getKeyID());
            assertThat(published(service)).isEqualTo(ids(first, second));

            metadata("2", Instant.now());
            Eventually.within(IN_FORCE, second.getKeyID(), () -> signs(service));
            assertThat(published(service)).isEqualTo(ids(first, second));

            ECKey third = key();
            write("3", third);
            Eventually.within(IN_FORCE, ids(first, second, third), () -> published(service));

            Files.delete(folder.resolve("1.pem"));
            Files.delete(folder.resolve("1.json"));
            Eventually.within(IN_FORCE, ids(second, third), () -> published(service));
            assertThat(signs(service)).isEqualTo(second.getKeyID());
        }
    }

    @Test
    void clock_reachesTheTimesOfTheMetadata_changesTheStates() throws Exception {
        metadata("2", now.plus(Duration.ofHours(1)));
        try (TestService service = start()) {
            assertThat(TestMetrics.of(service)
                            .value("token_service_signing_key_next_change_seconds", Map.of("algorithm", "ES256")))
                    .isBetween(3500.0, 3600.0);

            service.clock().ahead(Duration.ofHours(1));
            assertThat(TestToken.keys(service).getKeys()).hasSize(2);
            assertThat(keys(service, "retiring")).isEqualTo(1);

            service.clock().ahead(Duration.ofHours(25).plusMinutes(5));
            assertThat(published(service)).isEqualTo(ids(second));
            assertThat(keys(service, "retired")).isEqualTo(1);
            assertThat(keys(service, "active")).isEqualTo(1);
        }
    }

    @Test
    void key_seenAfterItsActivation_signsAfterFiveMinutes() throws Exception {
        ECKey third = key();
        try (TestService service = start()) {
            write("3", third, Instant.now().minusSeconds(60));
            Eventually.within(IN_FORCE, ids(first, second, third), () -> published(service));
            assertThat(signs(service)).isEqualTo(first.getKeyID());

            service.clock().ahead(Duration.ofSeconds(310));
            assertThat(TestToken.of(
                                    TestToken.keys(service),
                                    service.token(longLived()).text("id_token"))
                            .header()
                            .path("kid")
                            .textValue())
                    .isEqualTo(third.getKeyID());
        }
    }

    @Test
    void keyWithoutMetadata_thatComes_signsAfterFiveMinutes() throws Exception {
        Files.delete(folder.resolve("1.json"));
        Files.delete(folder.resolve("2.json"));
        Files.delete(folder.resolve("2.pem"));
        ECKey third = key();
        try (TestService service = start()) {
            Files.writeString(folder.resolve(".3"), TestAuthority.pem(third.toPrivateKey()));
            Files.move(folder.resolve(".3"), folder.resolve("3.pem"));
            Eventually.within(IN_FORCE, ids(first, third), () -> published(service));
            assertThat(signs(service)).isEqualTo(first.getKeyID());

            service.clock().ahead(Duration.ofSeconds(310));
            assertThat(TestToken.of(
                                    TestToken.keys(service),
                                    service.token(longLived()).text("id_token"))
                            .header()
                            .path("kid")
                            .textValue())
                    .isEqualTo(third.getKeyID());
        }
    }

    private static Headers longLived() {
        return GOOD.without(TestLoadBalancer.NOT_AFTER).and(TestLoadBalancer.NOT_AFTER, "2199-01-01T00:00:00Z");
    }

    @Test
    void revocation_ofTheOnlyKeyThatMaySign_endsTokensAndPublication() throws Exception {
        try (TestService service = start()) {
            Files.createFile(folder.resolve(first.getKeyID() + ".revoked"));

            Eventually.within(IN_FORCE, 503, () -> service.token(GOOD).status());
            assertError(service.token(GOOD), 503, "temporarily_unavailable");
            assertThat(service.token(GOOD).header("retry-after")).isNotEmpty();
            assertThat(published(service)).isEqualTo(ids(second));
            assertThat(service.sendToAdmin(Request.get("/healthcheck")).body()).contains("no ES256 key signs");
            assertThat(keys(service, "revoked")).isEqualTo(1);
            Eventually.within(
                    IN_FORCE,
                    503,
                    () -> service.send(Request.get("/health-check")).status());

            ECKey third = key();
            write("3", third, Instant.now().minusSeconds(1));
            Eventually.within(IN_FORCE, 200, () -> service.token(GOOD).status());
            assertThat(signs(service)).isEqualTo(third.getKeyID());
        }
    }

    @Test
    void start_whereEveryKeyIsRevoked_isAnsweredWith503() throws Exception {
        Files.delete(folder.resolve("2.pem"));
        Files.createFile(folder.resolve(first.getKeyID() + ".revoked"));
        try (TestService service = start()) {
            assertError(service.token(GOOD), 503, "temporarily_unavailable");
            assertThat(published(service)).isEmpty();
        }
    }

    @Test
    void unusableFiles_areRefusedWithALineAndTheRestStays() throws Exception {
        try (TestService service = start();
                TestLog log = new TestLog()) {
            Files.writeString(folder.resolve("3.pem"), "nonsense");
            Files.writeString(folder.resolve("1.json"), "{\"algorithm\":\"ES256\",\"activated\":1}");
            Files.writeString(folder.resolve("2.pem"), "nonsense");
            Eventually.within(
                    IN_FORCE.plusSeconds(1),
                    true,
                    () -> service.sendToAdmin(Request.get("/healthcheck"))
                            .body()
                            .contains("3.pem"));

            assertThat(signs(service)).isEqualTo(first.getKeyID());
            assertThat(published(service)).isEqualTo(ids(first, second));
            assertThat(service.sendToAdmin(Request.get("/healthcheck")).body())
                    .contains("1.json has an unknown member", "2.pem is neither", "3.pem is neither");
            assertThat(TestMetrics.of(service).value("token_service_watched_files_refused", Map.of()))
                    .isEqualTo(1);
            Thread.sleep(2000);
            assertThat(log.text(Level.ERROR).lines().filter(line -> line.contains("3.pem")))
                    .hasSize(1);

            Files.delete(folder.resolve("3.pem"));
            Files.writeString(folder.resolve("2.pem"), TestAuthority.pem(second.toPrivateKey()));
            metadata("1", now.minusSeconds(100));
            Eventually.within(
                    IN_FORCE,
                    0.0,
                    () -> TestMetrics.of(service).value("token_service_watched_files_refused", Map.of()));
        }
    }

    @Test
    void folder_thatIsEmptied_keepsTheRingAndStillRevokes() throws Exception {
        try (TestService service = start()) {
            for (String name : new String[] {"1.pem", "1.json", "2.pem", "2.json"}) {
                Files.delete(folder.resolve(name));
            }
            Eventually.within(
                    IN_FORCE,
                    true,
                    () -> service.sendToAdmin(Request.get("/healthcheck"))
                            .body()
                            .contains("is empty"));
            assertThat(signs(service)).isEqualTo(first.getKeyID());

            Files.createFile(folder.resolve(first.getKeyID() + ".revoked"));
            Eventually.within(IN_FORCE, ids(second), () -> published(service));
        }
    }

    @Test
    void encryptedKey_withItsPasswordInAFile_signs() throws Exception {
        Path password = Files.writeString(folder.resolve(".password"), KeyForm.PASSWORD + "\n");
        Files.writeString(folder.resolve("1.pem"), KeyForm.EC_PKCS8_ENCRYPTED.pem(first.toPrivateKey()));
        Map<String, String> variables = Map.of("SIGNING_KEYS", folder.toString());

        assertThat(catchThrowable(() -> TestService.start(variables)).getCause())
                .hasMessageContaining("is encrypted: set SIGNING_KEYS_PASSWORD or SIGNING_KEYS_PASSWORD_FILE");
        try (TestService service = TestService.start(
                Map.of("SIGNING_KEYS", folder.toString(), "SIGNING_KEYS_PASSWORD_FILE", password.toString()))) {
            assertThat(signs(service)).isEqualTo(first.getKeyID());
        }
        try (TestService service = TestService.start(
                Map.of("SIGNING_KEYS", folder.toString(), "SIGNING_KEYS_PASSWORD", KeyForm.PASSWORD))) {
            assertThat(signs(service)).isEqualTo(first.getKeyID());
        }
    }
}
