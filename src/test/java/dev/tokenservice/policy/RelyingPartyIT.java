package dev.tokenservice.policy;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestKeys;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a client names the relying party of its token. */
class RelyingPartyIT {

    private static final Headers CLIENT = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());
    private static final String POLICY = """
            version: 1
            relyingParties:
              billing: {audience: "https://billing.example.com", tokenValidity: 2m, subject: "robots/{client.id}"}
              entra: {profile: entra, audience: "api://AzureADTokenExchange", include: minimal}
              aws: {profile: aws, audience: sts.amazonaws.com}
            rules: allow-all
            """;

    @TempDir
    static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() throws IOException, JOSEException {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Files.writeString(keys.resolve("1-rsa.jwk"), TestKeys.rsaJwk());
        Files.writeString(
                keys.resolve("2-ec.jwk"),
                new ECKeyGenerator(Curve.P_256).generate().toJSONString());
        service = TestService.start(Map.of(
                "POLICY", write(POLICY).toString(),
                "TOKEN_ISSUER", "https://tokens.example.com",
                "TOKEN_AUDIENCE", "sts.amazonaws.com",
                "SIGNING_KEYS", keys.toString(),
                "REFUSALS_PER_CLIENT", "0"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Path write(String policy) throws IOException {
        return Files.writeString(folder.resolve("policy.yml"), policy);
    }

    private static Response token(String... parameters) {
        return service.token(CLIENT, parameters);
    }

    @ParameterizedTest
    @CsvSource({
        "format, '', sts.amazonaws.com, aws",
        "audience, https://billing.example.com, https://billing.example.com, billing",
        "resource, https://billing.example.com, https://billing.example.com, billing",
        "relying_party, billing, https://billing.example.com, billing",
        "relying_party, aws, sts.amazonaws.com, aws"
    })
    void token_forARelyingParty_hasItsAudience(String parameter, String value, String audience, String name) {
        try (TestLog log = new TestLog()) {
            assertThat(TestToken.of(service, token(parameter, value)).claim("aud"))
                    .isEqualTo(audience);
            assertThat(log.text(Level.INFO)).contains("relying_party=\"" + name + "\"");
        }
        assertThat(service.sendToAdmin(Request.get("/prometheus")).body())
                .containsPattern("token_service_relying_party_tokens_total\\{relying_party=\"" + name + "\"} [1-9]");
    }

    @Test
    void token_forARelyingParty_hasItsForm() {
        TestToken billing = TestToken.of(service, token("relying_party", "billing"));
        TestToken entra = TestToken.of(service, token("relying_party", "entra"));

        assertThat(billing.header().path("alg").asText()).isEqualTo("ES256");
        assertThat(billing.claim("sub")).isEqualTo("robots/spiffe://example.org/robot");
        assertThat(billing.claim("client_id")).isEqualTo("spiffe://example.org/robot");
        assertThat(billing.claims().path("exp").asLong()
                        - billing.claims().path("iat").asLong())
                .isEqualTo(120);
        assertThat(entra.header().path("alg").asText()).isEqualTo("RS256");
        assertThat(entra.claims().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("iss", "aud", "iat", "exp", "jti", "sub");
    }

    /** A policy is nobody's business but the operator's. */
    @Test
    void discovery_namesNoRelyingParty() {
        for (String path : List.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")) {
            assertThat(service.send(Request.get(path)).body())
                    .doesNotContain("billing", "amazonaws", "api://", "relying");
        }
    }

    /** A client must not learn which relying parties there are. */
    @Test
    void token_forAnUnknownRelyingParty_isRefusedInOneWay() {
        Response byName = token("relying_party", "nobody");
        Response byAudience = token("audience", "https://nobody.example");

        assertError(byName, 400, "unauthorized_client");
        assertThat(byAudience.body()).isEqualTo(byName.body());
        assertThat(byName.body()).doesNotContain("nobody", "billing", "aws");
    }

    @Test
    void token_forANameAndAnAudience_isRefused() {
        assertError(token("relying_party", "aws", "audience", "sts.amazonaws.com"), 400, "invalid_request");
        assertError(token("relying_party", "aws", "resource", "sts.amazonaws.com"), 400, "invalid_request");
    }

    /** OpenID client libraries send the audience that they expect. */
    @Test
    void clientId_thatIsTheAudience_isTakenByName() {
        assertThat(token("relying_party", "billing", "client_id", "https://billing.example.com")
                        .status())
                .isEqualTo(200);
        assertError(token("relying_party", "billing", "client_id", "sts.amazonaws.com"), 401, "invalid_client");
        assertError(token("relying_party", "nobody", "client_id", "sts.amazonaws.com"), 400, "unauthorized_client");
    }

    @Test
    void token_withoutRelyingParties_ignoresTheParameter() {
        Response answer = TestService.shared().token(CLIENT, "relying_party", "nobody", "audience", "x");

        assertError(answer, 400, "invalid_target");
        assertThat(TestService.shared().token(CLIENT, "relying_party", "nobody").status())
                .isEqualTo(200);
    }

    @Test
    void start_withTokenAudiences_isRefusedNamingBoth() {
        String policy = folder.resolve("policy.yml").toString();

        assertThatThrownBy(() -> TestService.start(Map.of("POLICY", policy, "TOKEN_AUDIENCES", "a,b")))
                .rootCause()
                .hasMessageContaining("relyingParties says the same as TOKEN_AUDIENCES");
    }
}
