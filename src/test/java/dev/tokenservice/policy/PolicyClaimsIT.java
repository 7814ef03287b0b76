package dev.tokenservice.policy;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.FakeAws;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subjects and claims that a policy makes of a client and its row. */
class PolicyClaimsIT {

    private static final String ISSUER = "https://tokens.example.com";
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Test CA");
    private static final Headers ROBOT = client("spiffe://example.org/robot");
    private static final Headers TAGGED_TOO_LONG = client("spiffe://example.org/long");
    private static final Headers WITHOUT_LINE = client("spiffe://example.org/idle");
    private static final String POLICY = """
            version: 1
            relyingParties:
              aws:
                profile: aws
                audience: sts.amazonaws.com
                subject: "{device.id}@{device.line}"
                claims:
                  https://aws.amazon.com/tags: '{"principal_tags": {"line": [device.line]}, "transitive_tag_keys": ["line"]}'
              billing: {audience: billing}
              closed: {audience: closed}
            sets:
              devices: {file: devices.csv, key: id}
            rules:
              - name: devices
                match: {in: {devices: client.spiffe}, relyingParty: [aws, billing]}
                allow:
                  relyingParties: [aws, billing]
                  claims:
                    https://tokens.example.com/level: 'int(device.level)'
            """;

    @TempDir
    static Path folder;

    private static TestService service;

    private static Headers client(String uri) {
        return TestLoadBalancer.verified(AUTHORITY.client().uri(uri).issue());
    }

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(
                folder.resolve("devices.csv"),
                "id,line,level\nspiffe://example.org/robot,north,3\nspiffe://example.org/idle,,1\nspiffe://example.org/long,"
                        + "x".repeat(257) + ",1\nspiffe://example.org/odd,north,none\n");
        service = TestService.start(Map.of(
                "POLICY",
                Files.writeString(folder.resolve("policy.yml"), POLICY).toString(),
                "TOKEN_ISSUER",
                ISSUER,
                "REFUSALS_PER_CLIENT",
                "0"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void claims_ofRelyingPartyAndRule_areInTheToken() {
        Response answer = service.token(ROBOT, "relying_party", "aws");
        TestToken token = TestToken.of(service, answer);
        URI address = URI.create("http://localhost:" + service.port());

        assertThat(token.claim("sub")).isEqualTo("spiffe://example.org/robot@north");
        assertThat(token.claims().path("https://tokens.example.com/level").intValue())
                .isEqualTo(3);
        try (FakeAws aws = FakeAws.start(ISSUER, address, "sts.amazonaws.com", "spiffe://example.org/robot@north")) {
            Response role = aws.assumeRole(answer.text("id_token"));
            assertThat(role.status()).as(role.body()).isEqualTo(200);
            assertThat(aws.tags()).isEqualTo(Map.of("line", List.of("north")));
        }
        assertThat(TestToken.of(service, service.token(ROBOT, "audience", "billing"))
                        .claims()
                        .has("https://aws.amazon.com/tags"))
                .isFalse();
    }

    @Test
    void row_thatDoesNotFit_isForTheOperator() {
        try (TestLog log = new TestLog()) {
            assertError(service.token(TAGGED_TOO_LONG, "relying_party", "aws"), 500, "server_error");
            assertError(service.token(WITHOUT_LINE, "relying_party", "aws"), 500, "server_error");
            assertThat(log.text(Level.INFO))
                    .contains("the value of a session tag has 257 characters, and must be at most 256 characters")
                    .contains("the row of the client has no usable value of device.line");
        }
    }

    @Test
    void claim_thatFails_isNotAllowed() {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(client("spiffe://example.org/odd"), "audience", "billing");
            assertError(answer, 400, "unauthorized_client");
            assertThat(log.text(Level.INFO)).contains("the claim https://tokens.example.com/level: ");
        }
    }

    /** With client_id a client could ask whether a name has an audience. */
    @Test
    void relyingParty_thatIsNotAllowed_isAsOneThatIsUnknown() {
        List<String> bodies = List.of("closed", "nobody").stream()
                .flatMap(name -> List.of("closed", "billing", "spiffe://example.org/robot").stream()
                        .map(id -> service.token(ROBOT, "relying_party", name, "client_id", id)
                                .body()))
                .distinct()
                .toList();

        assertThat(bodies).singleElement().asString().contains("unauthorized_client");
    }
}
