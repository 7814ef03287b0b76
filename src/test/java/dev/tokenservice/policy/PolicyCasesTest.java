package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCasesTest {

    private static final String POLICY = """
            version: 1
            authorities:
              factory: {trustBundle: factory.pem, trustDomains: [factory.example], subjects: [CN=client]}
            relyingParties:
              aws: {audience: sts.amazonaws.com}
              own:
                audience: urn:own
                claims: {tags: '{"a": client.cn, "b": ["x"]}', level: '1'}
            rules:
              - {name: own, match: {cn: q}, allow: {relyingParties: [own], claims: {line: '"seven"'}}}
              - {name: robots, match: {spiffe: "spiffe://factory.example/robots/*"}, allow: {relyingParties: [aws]}}
            """;

    @TempDir
    private Path folder;

    private List<CaseResult> run(String cases) throws IOException {
        TestAuthority factory = TestAuthority.root("Factory CA");
        TestAuthority.write(folder.resolve("factory.pem"), factory.certificate());
        TestAuthority.write(
                folder.resolve("robot.pem"),
                factory.client("spiffe://factory.example/robots/7").certificate());
        TestAuthority.write(
                folder.resolve("other.pem"),
                TestAuthority.root("Other CA")
                        .client("spiffe://factory.example/robots/7")
                        .certificate());
        Files.writeString(folder.resolve("policy.yml"), POLICY);
        return new PolicyCases(
                        folder.resolve("policy.yml"),
                        PolicyContext.NONE,
                        new AuthenticationFactory().clientChecks(),
                        Clock.systemUTC())
                .run(Files.writeString(folder.resolve("cases.yml"), "cases:\n" + cases));
    }

    @Test
    void certificates_areVerified() throws IOException {
        List<CaseResult> results = run("""
                - {name: robot, certificate: robot.pem, request: {relyingParty: aws},
                   expect: {decision: allow, rule: robots, subject: "spiffe://factory.example/robots/7",
                            claims: {aud: sts.amazonaws.com}}}
                - {name: other, certificate: other.pem, request: {relyingParty: aws}, expect: {decision: deny, rule: none}}
                - {name: late, certificate: robot.pem, now: "2099-01-01T00:00:00Z", expect: {decision: deny}}
                """);

        assertThat(results)
                .allSatisfy(result -> assertThat(result.differences()).isEmpty());
    }

    @Test
    void claimsOfTheRelyingPartyAndOfTheRule_areCompared() throws IOException {
        List<CaseResult> results = run("""
                - {name: right, client: {id: "spiffe://factory.example/q", authority: factory, cn: q}, request: {relyingParty: own},
                   expect: {decision: allow, claims: {aud: urn:own, client_id: "spiffe://factory.example/q", line: seven,
                            level: 1, tags: {b: [x], a: q}}}}
                - {name: wrong, client: {id: "spiffe://factory.example/q", authority: factory, cn: q}, request: {relyingParty: own},
                   expect: {decision: allow, claims: {line: eight, tags: {a: q}, other: 1}}}
                """);

        assertThat(results.get(0).differences()).isEmpty();
        assertThat(results.get(1).differences())
                .hasSize(3)
                .contains("claim line: expected eight, found seven", "claim other: expected 1, found none");
    }

    @Test
    void differences_areTold() throws IOException {
        List<CaseResult> results = run("""
                - {name: robot, certificate: robot.pem, request: {relyingParty: aws},
                   expect: {decision: deny, rule: none, subject: x, claims: {aud: y, level: 1}}}
                - {name: client, client: {id: x, spiffe: "spiffe://factory.example/hub"}, request: {relyingParty: aws},
                   expect: {decision: allow, rule: robots}}
                """);

        assertThat(results.get(0).differences())
                .containsExactly(
                        "decision: expected deny, found allow",
                        "rule: expected none, found robots",
                        "subject: expected x, found spiffe://factory.example/robots/7",
                        "claim aud: expected y, found sts.amazonaws.com",
                        "claim level: expected 1, found none");
        assertThat(results.get(1).differences())
                .containsExactly(
                        "decision: expected allow, found deny (no rule matches)",
                        "rule: expected robots, found none (no rule matches)");
    }

    @Test
    void fileOfCases_isReadStrictly() {
        assertThatThrownBy(() -> run("""
                        - {name: a, expect: {decision: perhaps}}
                        - {name: a, client: {spife: x}, expect: {}}
                        """))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("2:3: a case has either certificate (a PEM file) or client (attributes)")
                .hasMessageContaining("2:32: must be allow or deny")
                .hasMessageContaining("3:3: two cases have the name 'a'")
                .hasMessageContaining("3:22: the key 'spife' is unknown")
                .hasMessageContaining("3:21: id is missing")
                .hasMessageContaining("3:41: decision is missing: allow or deny");
    }
}
