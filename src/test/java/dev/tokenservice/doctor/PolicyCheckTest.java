package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Said;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor says of the policy: the file, its authorities, and the service that runs beside. */
class PolicyCheckTest {

    private static final String POLICY = """
            version: 1
            authorities:
              factory: {trustBundle: factory.pem, revocationLists: [factory.crl], trustDomains: [factory.example]}
            rules: allow-all
            """;

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final TestAuthority factory = TestAuthority.root("Factory CA");

    @BeforeEach
    void write() throws IOException {
        Files.writeString(policy(), POLICY);
        TestAuthority.write(
                folder.resolve("factory.pem"),
                factory.certificate(),
                factory.renewed(content ->
                                content.valid(clock.instant(), clock.instant().plus(Duration.ofDays(60))))
                        .certificate());
        TestAuthority.write(folder.resolve("factory.crl"), factory.revoke(Duration.ofDays(90)));
    }

    private Path policy() {
        return folder.resolve("policy.yml");
    }

    private List<Said> diagnose(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("POLICY", policy().toString());
        return TestDoctor.run(variables, clock).of("policy");
    }

    @Test
    void policy_isToldWithItsGenerationAndTheAnchorThatExpiresFirst() {
        List<Said> said = diagnose(Map.of());

        assertThat(said.get(0).result()).isEqualTo("OK");
        assertThat(said.get(0).evidence()).matches("generation [0-9a-f]{12}, authorities factory");
        assertThat(said.get(1).result()).isEqualTo("WARN");
        assertThat(said.get(1).evidence())
                .startsWith("authority factory: 2 anchors, of which CN=Factory CA expires first, at ");
        assertThat(said.get(1).remedy()).contains("trustBundle of factory");
        assertThat(said).hasSize(2);
    }

    @Test
    void policy_thatLooksWrong_isWarnedOf() throws IOException {
        Files.writeString(
                policy(),
                POLICY.replace("rules: allow-all\n", "").replace("authorities:", "rules: allow-all\nauthorities:"));

        assertThat(diagnose(Map.of())).anySatisfy(said -> {
            assertThat(said.result()).isEqualTo("WARN");
            assertThat(said.evidence()).startsWith("POLICY: ").contains("should be before rules");
            assertThat(said.remedy()).contains("policy check");
        });
    }

    @Test
    void revocationList_outOfDate_fails() {
        clock.ahead(Duration.ofDays(91));

        assertThat(diagnose(Map.of())).anySatisfy(said -> {
            assertThat(said.result()).isEqualTo("FAIL");
            assertThat(said.evidence()).contains("these revocation lists are expired", "Factory CA");
        });
    }

    @Test
    void policy_invalid_failsWithEveryProblem() throws IOException {
        Files.writeString(policy(), POLICY.replace("trustDomains", "trustDomain"));

        assertThat(diagnose(Map.of())).singleElement().satisfies(said -> {
            assertThat(said.result()).isEqualTo("FAIL");
            assertThat(said.evidence()).contains("policy.yml:3:71: the key 'trustDomain' is unknown");
        });
    }

    @Test
    void service_thatRunsHere_isAskedWhichVersionItHas() throws IOException {
        try (TestService service = TestService.start(Map.of("POLICY", policy().toString()))) {
            Map<String, String> beside = Map.of("ADMIN_PORT", Integer.toString(service.adminPort()));
            assertThat(diagnose(beside).get(2))
                    .satisfies(said -> assertThat(said.result()).isEqualTo("OK"))
                    .satisfies(
                            said -> assertThat(said.evidence())
                                    .matches(
                                            "the service that runs here says: generation [0-9a-f]{12}, read [0-9]+ seconds ago"));

            Files.writeString(policy(), POLICY.replace("rules: allow-all", "rules: none"));
            service.sendToAdmin(Request.post("/tasks/reload"));
            assertThat(diagnose(beside).get(1)).satisfies(said -> {
                assertThat(said.result()).isEqualTo("WARN");
                assertThat(said.evidence())
                        .contains(
                                "stays in force; the newest version is refused",
                                "policy.yml:4:8: must be a list of rules, or allow-all");
            });
        }
    }

    @Test
    void adminHost_thatIsNotOfThisMachine_isToldByAnotherCheck() {
        assertThat(diagnose(Map.of("ADMIN_HOST", "192.0.2.1", "ADMIN_PORT", "8081")))
                .allSatisfy(said -> assertThat(said.evidence()).doesNotContain("runs here"));
    }

    /** The names of the settings' relying parties are known to the policy, for a warning as for a start. */
    @Test
    void proxies_ofAPolicyThatNamesARelyingPartyOfTheSettings_areAProof() throws IOException {
        Files.writeString(policy(), POLICY.replace("rules: allow-all", """
                        proxies: {authority: factory, names: ["spiffe://factory.example/proxy"]}
                        rules:
                          - name: all
                            match: {relyingParty: default}
                            allow: {relyingParties: [default]}
                        """));
        Map<String, String> variables = Map.of(
                "POLICY",
                policy().toString(),
                "TOKEN_AUDIENCE",
                "usual",
                "MTLS_CERTIFICATE",
                folder.resolve("factory.pem").toString(),
                "MTLS_PRIVATE_KEY",
                folder.resolve("none").toString(),
                "AUTH_FLOWS",
                "xlb-mtls-client-credentials,mtls-client-credentials");

        assertThat(TestDoctor.run(variables, clock).of("proxy-trust"))
                .isNotEmpty()
                .allSatisfy(said -> assertThat(said.result()).isEqualTo("OK"));
    }
}
