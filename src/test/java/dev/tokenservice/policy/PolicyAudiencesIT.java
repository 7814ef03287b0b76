package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
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

/** A policy that leaves the audiences to the settings: a client cannot find out which there are. */
class PolicyAudiencesIT {

    private static final Headers CLIENT = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    @TempDir
    static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yml"), """
                version: 1
                rules:
                  - name: all
                    match: {spiffe: "spiffe://example.org/*"}
                    allow: {relyingParties: [default]}
                """);
        service = TestService.start(
                Map.of("POLICY", policy.toString(), "TOKEN_AUDIENCE", "usual", "TOKEN_AUDIENCES", "secret"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void audiencesAndNames_thatThereAreAndThatThereAreNot_getOneAnswer() {
        Response forbidden = service.token(CLIENT, "audience", "secret");

        assertThat(forbidden.status()).isEqualTo(400);
        assertThat(forbidden.body()).contains("unauthorized_client");
        assertThat(service.token(CLIENT, "audience", "guess").body()).isEqualTo(forbidden.body());
        assertThat(service.token(CLIENT, "relying_party", "audience-1").body()).isEqualTo(forbidden.body());
        assertThat(service.token(CLIENT, "relying_party", "guess").body()).isEqualTo(forbidden.body());
    }

    @Test
    void relyingPartyOfTheSettings_isNamedAsPolicyShowDoes() {
        Response answer = service.token(CLIENT, "relying_party", "default");

        assertThat(TestToken.of(service, answer).claim("aud")).isEqualTo("usual");
        assertThat(service.token(CLIENT, "audience", "usual", "relying_party", "default")
                        .body())
                .contains("invalid_request");
    }
}
