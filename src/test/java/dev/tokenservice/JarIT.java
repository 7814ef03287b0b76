package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as an operator starts it, looks at it. */
class JarIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    @TempDir
    Path folder;

    @Test
    void checkAndServer_badConfiguration_endWithAllProblemsALineEach() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.yml"), "token: {validity: 0}\nunknown: hunter2\n");
        Map<String, String> environment =
                Map.of("PORT", "0", "TOKEN_ISSUER", "nonsense", "PROXY_SECRET", "hunter2 with blanks");
        TestCommandLine checked = TestCommandLine.run(environment, "check", file.toString());
        assertHasProblemsALineEach(checked.status(), checked.output() + checked.errors());
        RunningJar.Ended served = RunningJar.run(environment, "server", file.toString());
        assertHasProblemsALineEach(served.status(), served.output());
    }

    private static void assertHasProblemsALineEach(int status, String printed) {
        assertThat(status).as(printed).isNotZero();
        assertThat(printed.lines())
                .anyMatch(line -> line.contains("token.validity (TOKEN_VALIDITY): found '0', must be 1 to 720"))
                .anyMatch(line -> line.contains("token.issuer (TOKEN_ISSUER): found 'nonsense', must be an https URL"))
                .anyMatch(line -> line.contains("unknown: the key is unknown"))
                .anyMatch(line -> line.contains("(PROXY_SECRET)"));
        assertThat(printed).doesNotContain("hunter2").doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void checkAndServer_addressesOfOtherMachines_areNamedWithAllOtherProblems() {
        Map<String, String> environment = Map.of(
                "PORT", "0",
                "ADMIN_PORT", "0",
                "APPLICATION_HOST", "192.0.2.1",
                "ADMIN_HOST", "no-such-host.invalid",
                "TOKEN_VALIDITY", "0");
        for (String command : List.of("check", "server")) {
            TestCommandLine ended = TestCommandLine.run(environment, command, "config.yml");

            assertThat(ended.status()).as(ended.errors()).isEqualTo(1);
            String printed = ended.output() + ended.errors();
            assertThat(printed).doesNotContain("\tat ").doesNotContain("Exception");
            assertThat(printed.lines())
                    .contains(
                            "  * server.applicationHost (APPLICATION_HOST): found '192.0.2.1', which is not an "
                                    + "address of this machine: set one that 'ip address' lists, or 0.0.0.0 for all",
                            "  * server.adminHost (ADMIN_HOST): found 'no-such-host.invalid', which cannot be resolved "
                                    + "on this machine: set one of its IP addresses",
                            "  * token.validity (TOKEN_VALIDITY): found '0', must be 1 to 720 minutes");
        }
    }

    @Test
    void server_start_logsOneLineWithWhatRuns() {
        Map<String, String> environment = Map.of(
                "SIGNER", "local",
                "SIGNING_ALGORITHM", "ES256",
                "TOKEN_ISSUER", "https://tokens.example.com",
                "TOKEN_AUDIENCE", "https://api.example.com",
                "TOKEN_AUDIENCES", "https://other.example.com,https://api.example.com",
                "PROXY_SECRET", "0123456789abcdef0123456789abcdef");
        try (RunningJar service = RunningJar.start(folder, environment, List.of())) {
            List<String> lines = service.log()
                    .lines()
                    .filter(line -> line.contains("the service starts"))
                    .toList();

            assertThat(lines).hasSize(1);
            assertThat(lines.get(0))
                    .containsPattern("version=\"[0-9]+\\.[0-9]+\\.[^\"]+\" commit=\"[0-9a-z]+\"")
                    .contains("issuer=\"https://tokens.example.com\"", "signer=\"local ES256\"")
                    .contains("flows=\"xlb-mtls-client-credentials\"")
                    .contains("audiences=\"https://api.example.com,https://other.example.com\"")
                    .containsPattern("configuration=\"config.yml with [A-Z_,]*TOKEN_ISSUER[A-Z_,]*\"")
                    .doesNotContain("0123456789abcdef");
        }
    }

    @Test
    void server_keysThatCannotBeRead_endsWithOneLine() {
        TestCommandLine ended = TestCommandLine.run(
                Map.of("PORT", "0", "ADMIN_PORT", "0", "SIGNING_KEYS", folder.toString()), "server");

        assertThat(ended.status()).isNotZero();
        assertThat(ended.output() + ended.errors())
                .contains("SIGNING_KEYS")
                .contains("is empty: make keys with")
                .doesNotContain("\tat ");
    }

    @Test
    void check_optionOfTheProcess_isTakenAndNoOther() {
        RunningJar.Ended ended = RunningJar.run(
                Map.of(), List.of("-Ddw.token.issuer=https://x.example", "-Dtoken.validity=0"), "check", "config.yml");

        assertThat(ended.output())
                .contains("config.yml with -Ddw.token.issuer is valid")
                .contains("issuer     https://x.example");
        assertThat(ended.status()).isZero();
    }

    @Test
    void server_portTaken_ends() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[4]))) {
            RunningJar.Ended ended = RunningJar.run(
                    Map.of("PORT", Integer.toString(taken.getLocalPort()), "ADMIN_PORT", "0"), "server", "config.yml");

            assertThat(ended.status()).isNotZero();
            assertThat(ended.output())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ")
                    .doesNotContain("! at ");
        }
    }

    @Test
    void log_json_hasTheFieldNamesOfCloudLogging() {
        Map<String, String> environment = Map.of(
                "LOG_FORMAT",
                "json",
                "GOOGLE_CLOUD_PROJECT",
                "test-project",
                "SIGNING_ALGORITHM",
                "ES256",
                "WORKLOAD_IDENTITY_POOLID",
                "test-pool");
        try (RunningJar jar = RunningJar.start(folder, environment, List.of())) {
            Response answer = Http.send(
                    jar.port(),
                    TestService.tokenRequest(GOOD)
                            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                            .header("User-Agent", "robot\" status=\"1"));
            assertThat(answer.status()).isEqualTo(200);

            JsonNode audit = awaitLine(jar, "\"audit\"");
            assertThat(audit.path("severity").textValue()).isEqualTo("INFO");
            assertThat(audit.path("message").textValue()).isEqualTo("token issued");
            assertThat(Instant.parse(audit.path("time").textValue()))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
            assertThat(audit.path("logging.googleapis.com/trace").textValue())
                    .isEqualTo("projects/test-project/traces/" + TRACE);
            assertThat(audit.path("logging.googleapis.com/labels")
                            .path("decision")
                            .textValue())
                    .isEqualTo("issued");
            assertThat(audit.path("logging.googleapis.com/labels").path("flow").textValue())
                    .isEqualTo("xlb-mtls-client-credentials");
            assertThat(audit.path("client_id").textValue()).isEqualTo("spiffe://example.org/robot");
            JsonNode warning = awaitLine(jar, "WORKLOAD_IDENTITY_POOLID");
            assertThat(warning.path("severity").textValue()).isEqualTo("WARNING");
            assertThat(warning.path("message").textValue()).contains("did you mean WORKLOAD_IDENTITY_POOL_ID");
            assertThat(awaitLine(jar, "\"agent\"").path("agent").textValue()).isEqualTo("robot\" status=\"1");
            assertThat(jar.log().lines())
                    .allSatisfy(line -> assertThat(json(line).path("severity").textValue())
                            .isIn("DEBUG", "INFO", "WARNING", "ERROR"));
            assertThat(jar.log()).doesNotContain(answer.text("id_token"));
        }
    }

    @Test
    void log_auto_isJsonOnCloudRun() {
        Map<String, String> environment = Map.of(
                "LOG_FORMAT", "auto", "K_SERVICE", "token-service", "SIGNER", "local", "SIGNING_ALGORITHM", "ES256");
        try (RunningJar jar = RunningJar.start(folder, environment, List.of())) {
            assertThat(jar.log()).contains("\"severity\"");
        }
    }

    private static JsonNode awaitLine(RunningJar jar, String part) {
        Instant end = Instant.now().plusSeconds(10);
        while (Instant.now().isBefore(end)) {
            for (String line : jar.log().lines().toList()) {
                if (line.contains(part)) {
                    return json(line);
                }
            }
            pause();
        }
        throw new AssertionError("no line with " + part + " in\n" + jar.log());
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + line, e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
