package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.TestAuthority;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code policy check}, {@code show} and {@code explain} say, and the status that they end with. */
class PolicyCommandTest {

    private static final String POLICY = """
            version: 1
            authorities:
              factory: {trustBundle: factory.pem, trustDomains: [factory.example]}
              fleet: {trustBundle: fleet.pem, subjects: ["OU=Fleet"], clientId: "{client.authority}/{client.cn}"}
            rules: allow-all
            """;

    @TempDir
    Path folder;

    private final TestAuthority factory = TestAuthority.root("Factory CA");
    private final TestAuthority fleet = TestAuthority.root("Fleet CA");
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(policy(), POLICY);
        TestAuthority.write(folder.resolve("factory.pem"), factory.certificate());
        TestAuthority.write(folder.resolve("fleet.pem"), fleet.certificate());
    }

    private Path policy() {
        return folder.resolve("policy.yml");
    }

    /** Returns the status. */
    private int run(Map<String, String> environment, String... arguments) {
        output.reset();
        PrintStream answers = new PrintStream(output, true, StandardCharsets.UTF_8);
        TokenServiceApplication application = new TokenServiceApplication(
                Overrides.of(environment), Clock.systemUTC(), System::nanoTime, answers, System.err);
        Bootstrap<TokenServiceConfiguration> bootstrap = new Bootstrap<>(application);
        application.addDefaultCommands(bootstrap);
        application.initialize(bootstrap);
        Optional<Throwable> failure = new Cli(new JarLocation(getClass()), bootstrap, output, output).run(arguments);
        return failure.map(ExitStatus::of).orElse(0);
    }

    private String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    private String client(TestAuthority.Identity client) {
        return TestAuthority.write(folder.resolve("client.pem"), client.certificate())
                .toString();
    }

    @Test
    void check_validFile_saysItsGenerationAndAuthorities() {
        assertThat(run(Map.of(), "policy", "check", policy().toString())).isZero();
        assertThat(output())
                .matches("(?s)" + policy() + " is valid: generation [0-9a-f]{12}, authorities factory, fleet\n");
    }

    @Test
    void check_invalidFile_saysEverythingThatIsWrong() throws IOException {
        Files.writeString(
                policy(), POLICY.replace("trustDomains", "trustDomain").replace("fleet.pem", "gone.pem"));

        assertThat(run(Map.of(), "policy", "check", policy().toString())).isEqualTo(1);
        assertThat(output().lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(line -> assertThat(line).matches(policy() + ":[0-9]+:[0-9]+: .+"));
    }

    @Test
    void explain_everyKindOfCertificate_saysTheTrueReason() {
        List<String> explained = new ArrayList<>();
        for (TestAuthority.Identity one : List.of(
                factory.client("spiffe://factory.example/robot"),
                factory.client("spiffe://office.example/robot"),
                fleet.leaf(new X500Name("OU=Fleet,CN=robot-7")).issue(),
                fleet.leaf(new X500Name("CN=robot-7")).issue(),
                fleet.leaf(new X500Name("OU=Fleet,CN=a,CN=b")).issue(),
                TestAuthority.root("Factory CA").client("spiffe://factory.example/robot"))) {
            int status = run(Map.of(), "policy", "explain", policy().toString(), "--certificate", client(one));
            explained.add(status + " " + output());
        }
        assertThat(explained.get(0))
                .startsWith("0 authority factory: a valid path of 2 certificates; it may give all names")
                .contains(
                        "authority fleet: no valid path",
                        "accepted: authority factory, client id spiffe://factory.example/robot")
                .contains("client.cn: unknown", "client.emails: absent");
        assertThat(explained.get(1))
                .startsWith("1 authority factory: a valid path of 2 certificates; it may not give the name URI")
                .contains("refused: name_not_allowed");
        assertThat(explained.get(2)).startsWith("0 ").contains("accepted: authority fleet, client id fleet/robot-7");
        assertThat(explained.get(3)).startsWith("1 ").contains("may not give the name subject");
        assertThat(explained.get(4)).startsWith("1 ").contains("refused: ambiguous_client_id");
        assertThat(explained.get(5)).startsWith("1 ").contains("refused: untrusted", "another key");
    }

    @Test
    void explainAndTest_ofRules_sayWhatDecides() throws IOException {
        String fetching = POLICY.replace("trustDomains", "crl: {fetch: [\"http://localhost:1/ca.crl\"]}, trustDomains");
        Files.writeString(policy(), fetching.replace("rules: allow-all", """
                relyingParties: {aws: {audience: sts.amazonaws.com}, billing: {audience: billing}}
                rules:
                  - {name: fleets, match: {authority: fleet}, deny: later}
                  - {name: robots, match: {authority: factory}, allow: {relyingParties: [aws]}}
                """));
        String client = client(factory.client("spiffe://factory.example/robot"));
        String cases = Files.writeString(folder.resolve("cases.yml"), """
                        cases:
                          - {name: one, certificate: client.pem, request: {relyingParty: aws}, expect: {decision: allow}}
                          - {name: two, certificate: client.pem, request: {relyingParty: billing}, expect: {decision: allow}}
                        """).toString();

        assertThat(run(
                        Map.of(),
                        "policy",
                        "explain",
                        policy().toString(),
                        "--certificate",
                        client,
                        "--relying-party",
                        "aws"))
                .isZero();
        assertThat(output())
                .contains(
                        "rule fleets: does not decide: authority does not match",
                        "rule robots: allows",
                        "decision: issued by the rule robots, subject spiffe://factory.example/robot")
                .containsPattern("the token has [0-9]+ bytes")
                .contains("\"aud\" : \"sts.amazonaws.com\"");
        assertThat(run(
                        Map.of(),
                        "policy",
                        "explain",
                        policy().toString(),
                        "--certificate",
                        client,
                        "--audience",
                        "billing"))
                .isEqualTo(1);
        assertThat(output())
                .endsWith("decision: refused by the rule robots: the rule does not allow the relying party billing\n");
        assertThat(run(Map.of(), "policy", "test", policy().toString(), cases)).isEqualTo(1);
        assertThat(output())
                .containsPattern("ok +allow +robots +one")
                .containsPattern("FAIL +deny +robots +two")
                .contains("decision: expected allow, found deny (the rule does not allow the relying party billing)")
                .endsWith("2 cases, 1 failed\n");
        assertThat(run(Map.of(), "policy", "test", policy().toString(), cases, "--json"))
                .isEqualTo(1);
        assertThat(new JsonMapper().readTree(output()).get(0).get("passed").asBoolean())
                .isTrue();
    }

    @Test
    void replay_linesWithoutInputs_couldNotBeJudged() throws IOException {
        String audit = Files.writeString(folder.resolve("audit.log"), """
                        {"decision":"issued","client_id":"a"}
                        {"decision":"refused","reason_code":"policy","error":"invalid_scope","client_id":"a"}
                        """).toString();

        assertThat(run(Map.of(), "policy", "replay", audit, policy().toString()))
                .isEqualTo(3);
        assertThat(output()).isEqualTo("""
                0 requests decided, 0 changes; 1 lines that no policy decided
                could not judge 1: the line has no inputs: the service had no policy
                """);
        assertThat(run(Map.of(), "policy", "replay", audit + ".1", policy().toString()))
                .isEqualTo(1);
    }

    @Test
    void show_settings_arePrintedAsAPolicyThatCanBeUsed() throws IOException {
        Map<String, String> environment = Map.of(
                "MTLS_TRUST_BUNDLE", folder.resolve("factory.pem").toString(),
                "AUTH_FLOWS", "rfc9440-mtls-client-credentials",
                "PROXY_SECRET", "not-to-be-shown",
                "CLIENT_ID", "dns");

        assertThat(run(environment, "policy", "show")).isZero();
        String shown = output();
        assertThat(shown)
                .contains("  default:\n", "clientId: \"{client.dns}\"")
                .contains("# Unset where this file is named by POLICY: MTLS_TRUST_BUNDLE, CLIENT_ID")
                .doesNotContain("not-to-be-shown");
        Path saved = Files.writeString(folder.resolve("saved.yml"), shown);
        assertThat(run(Map.of(), "policy", "check", saved.toString())).isZero();
    }

    @Test
    void show_proxyCertificates_areTheProxiesOfTheAuthority() throws IOException {
        Map<String, String> environment = Map.of(
                "MTLS_TRUST_BUNDLE", folder.resolve("factory.pem").toString(),
                "MTLS_CERTIFICATE", "tls.crt",
                "MTLS_PRIVATE_KEY", "tls.key",
                "PROXY_CERTIFICATES", "spiffe://factory.example/lb,LB.example.com");

        assertThat(run(environment, "policy", "show")).isZero();
        assertThat(output())
                .contains("  authority: default\n  names: [\"spiffe://factory.example/lb\", \"LB.example.com\"]\n")
                .contains("# Unset where this file is named by POLICY: MTLS_TRUST_BUNDLE, PROXY_CERTIFICATES");
        Path saved = Files.writeString(folder.resolve("saved.yml"), output());
        assertThat(run(Map.of(), "policy", "check", saved.toString())).isZero();
    }

    @Test
    void explain_listsThatAreFetched_areLeftOut() throws IOException {
        Files.writeString(
                policy(),
                POLICY.replace("trustDomains", "crl: {fetch: [\"http://localhost:1/ca.crl\"]}, trustDomains"));
        Path client = TestAuthority.write(
                folder.resolve("client.pem"),
                factory.client("spiffe://factory.example/robot").certificate());

        assertThat(run(Map.of(), "policy", "explain", policy().toString(), "--certificate", client.toString()))
                .isZero();
        assertThat(output()).contains("(fetched revocation lists are ignored here); it may give all names");
    }

    @Test
    void show_audiencesOfTheSettings_areRelyingParties() throws IOException {
        assertThat(run(Map.of("TOKEN_AUDIENCE", "a", "TOKEN_AUDIENCES", "b\"\\"), "policy", "show"))
                .isZero();
        String shown = output();

        assertThat(shown)
                .contains("relyingParties:\n  default: {profile: generic, audience: \"a\"}\n  audience-1: {profile: ")
                .contains("# Unset where this file is named by POLICY: TOKEN_AUDIENCES\n");
        Path saved = Files.writeString(folder.resolve("saved.yml"), shown);
        assertThat(run(Map.of(), "policy", "check", saved.toString())).isZero();
    }

    @Test
    void schema_hasTheKeysOfARelyingParty() throws IOException {
        List<String> keys = new ArrayList<>();
        new JsonMapper()
                .readTree(Path.of("docs/policy.schema.json").toFile())
                .at("/properties/relyingParties/additionalProperties/properties")
                .fieldNames()
                .forEachRemaining(keys::add);
        Files.writeString(policy(), "version: 1\nrelyingParties: {a: {audience: a, nothing: 1}}\nrules: allow-all\n");

        run(Map.of(), "policy", "check", policy().toString());

        assertThat(output()).contains("the keys here are profile, audience, algorithm");
        assertThat(keys).isNotEmpty().allSatisfy(key -> assertThat(output()).contains(key));
    }

    @Test
    void schema_hasTheKeysOfTheFile() throws IOException {
        JsonNode schema =
                new JsonMapper().readTree(Path.of("docs/policy.schema.json").toFile());
        List<String> keys = new ArrayList<>();
        schema.at("/properties/authorities/additionalProperties/properties")
                .fieldNames()
                .forEachRemaining(keys::add);

        for (String key : keys) {
            Files.writeString(policy(), POLICY.replace("trustDomains: [factory.example]", key + ": {}"));
            run(Map.of(), "policy", "check", policy().toString());
            assertThat(output()).doesNotContain("the key '" + key + "' is unknown");
        }
        Files.writeString(policy(), POLICY.replace("trustDomains", "nothing"));
        run(Map.of(), "policy", "check", policy().toString());
        for (String key : keys) {
            assertThat(output()).contains(key);
        }
    }
}
