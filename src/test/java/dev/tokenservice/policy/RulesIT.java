package dev.tokenservice.policy;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules at the door: what clients get, are told, and what operators read. */
class RulesIT {

    private static final String POLICY = """
            version: 1
            relyingParties:
              aws: {audience: sts.amazonaws.com}
              billing: {audience: "https://billing.example.com"}
            sets:
              devices: {file: devices.csv, key: id}
            rules:
              - name: lost
                match: {in: {devices: client.id}}
                when: device.state == "lost"
                deny: the device was reported lost
              - name: soon
                match: {relyingParty: billing}
                deny: billing moves
                mode: shadow
              - name: limited
                match: {spiffe: "spiffe://example.org/limited/*"}
                allow:
                  relyingParties: [aws]
                  tokenValidity: 1m
                  rateLimit: {tokens: 2, per: 1h}
              - name: broken
                match: {spiffe: "spiffe://example.org/broken"}
                when: 1 / (client.id.size() - client.id.size()) == 1
                allow: {relyingParties: [aws]}
              - name: endless
                match: {spiffe: "spiffe://example.org/endless"}
                when: "[client.id]DOUBLED.size() > 0 || true"
                allow: {relyingParties: [aws]}
              - name: robots
                match: {spiffe: "spiffe://example.org/robots/*"}
                allow: {relyingParties: [aws, billing]}
            """.replace("DOUBLED", ".map(a, a + a)".repeat(22));

    @TempDir
    static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("devices.csv"), "id,state\nspiffe://example.org/robots/1,lost\n");
        Path policy = Files.writeString(folder.resolve("policy.yml"), POLICY);
        service = TestService.start(
                Map.of("POLICY", policy.toString(), "TOKEN_AUDIENCE", "sts.amazonaws.com", "REFUSALS_PER_CLIENT", "0"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Headers client(String path) {
        return TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/" + path)
                .issue());
    }

    private static String metrics() {
        return service.sendToAdmin(Request.get("/prometheus")).body();
    }

    @Test
    void client_getsWhatItsRuleAllows() {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(client("robots/2"), "relying_party", "billing");

            assertThat(TestToken.of(service, answer).claim("aud")).isEqualTo("https://billing.example.com");
            assertThat(log.text(Level.INFO))
                    .contains("rule=\"robots\"", "shadow_decision=\"refused\"", "shadow_rule=\"soon\"")
                    .contains("client.spiffe=spiffe://example.org/robots/2", "request.relyingParty=billing");
        }
        assertThat(metrics())
                .containsPattern("token_service_rule_decisions_total\\{outcome=\"allowed\",rule=\"robots\"} [1-9]");
    }

    /** A client must learn neither which rules nor which relying parties there are. */
    @Test
    void everyRefusal_isOneAnswer() {
        try (TestLog log = new TestLog()) {
            Response unknown = service.token(client("robots/2"), "relying_party", "nobody");
            Response denied = service.token(client("robots/1"));
            Response failed = service.token(client("broken"));
            Response endless = service.token(client("endless"));
            Response unmatched = service.token(client("other"));
            Response notAllowed = service.token(client("limited/0"), "relying_party", "billing");

            assertError(unknown, 400, "unauthorized_client");
            assertThat(denied.body())
                    .isEqualTo(unknown.body())
                    .isEqualTo(failed.body())
                    .isEqualTo(endless.body())
                    .isEqualTo(unmatched.body())
                    .isEqualTo(notAllowed.body());
            assertThat(log.text(Level.INFO))
                    .contains("reason_code=\"policy\"", "detail=\"rule lost: the device was reported lost\"")
                    .contains("detail=\"rule broken: when: / by zero\"", "detail=\"no rule matches\"")
                    .contains("detail=\"rule endless: when: it takes more than 250000 steps")
                    .contains("detail=\"rule limited: the rule does not allow the relying party billing\"");
        }
        assertThat(metrics())
                .containsPattern("rule_decisions_total\\{outcome=\"denied\",rule=\"lost\"} [1-9]")
                .containsPattern("rule_decisions_total\\{outcome=\"failed\",rule=\"broken\"} [1-9]")
                .containsPattern("rule_decisions_total\\{outcome=\"failed\",rule=\"endless\"} [1-9]")
                .containsPattern("rule_decisions_total\\{outcome=\"denied\",rule=\"none\"} [1-9]");
    }

    @Test
    void rateOfARule_isOfOneClient() {
        Headers client = client("limited/1");

        assertThat(service.token(client).status()).isEqualTo(200);
        assertThat(service.token(client).status()).isEqualTo(200);
        Response third = service.token(client);
        assertError(third, 429, "temporarily_unavailable");
        assertThat(Integer.parseInt(third.header("retry-after"))).isBetween(1700, 1800);
        assertThat(service.token(client("limited/2")).status()).isEqualTo(200);
        assertThat(metrics()).containsPattern("token_service_limit_hits_total\\{limit=\"rate\"} [1-9]");
    }

    @Test
    void validityOfARule_isTheLongest() {
        TestToken token = TestToken.of(service, service.token(client("limited/3")));

        assertThat(token.claims().get("exp").asLong()
                        - token.claims().get("iat").asLong())
                .isEqualTo(60);
    }
}
