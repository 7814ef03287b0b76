package dev.tokenservice.authentication;

import static dev.tokenservice.authentication.PolicyFolder.FOREIGN;
import static dev.tokenservice.authentication.PolicyFolder.OWN;
import static dev.tokenservice.authentication.PolicyFolder.TWO;
import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.SiteFlow;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import dev.tokenservice.testing.TlsClient;
import java.nio.file.Path;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authorities that a policy tells apart by their keys, against each other and over every way in. */
class PolicyIT {

    @TempDir
    Path folder;

    private PolicyFolder files;
    private TestAuthority factory;
    private TestAuthority office;

    @BeforeEach
    void write() {
        files = new PolicyFolder(folder);
        factory = files.factory;
        office = files.office;
    }

    private void write(String text) {
        files.write(text);
    }

    private TestService start(Map<String, String> variables) {
        return files.start(variables);
    }

    private TestService startTls() {
        return files.startTls();
    }

    private Response token(TestService service, Identity client) {
        return files.token(service, client);
    }

    private static void assertForeign(Response answer) {
        assertError(answer, 401, "invalid_client");
        assertThat(answer.text("error_description")).contains("may not vouch for its names");
    }

    @Test
    void authorities_ofOneName_areToldApartByTheirKeysInEveryFlow() {
        List<EvidenceSample> mine = chains(factory.client(OWN), OWN);
        List<EvidenceSample> theirs = chains(office.client(FOREIGN), FOREIGN);
        List<EvidenceSample> stolen = chains(factory.client(FOREIGN), FOREIGN);
        List<EvidenceSample> stolenBack = chains(office.client(OWN), OWN);
        List<EvidenceSample> renewed =
                chains(factory.renewed(content -> content).client(OWN), OWN);
        List<EvidenceSample> strange = chains(TestAuthority.root("Root CA").client(OWN), OWN);
        for (int i = 0; i < mine.size(); i++) {
            Map<String, String> variables = new HashMap<>(mine.get(i).variables());
            variables.put("AUTH_FLOWS", mine.get(i).flow());
            try (TestService service = start(variables);
                    TestLog log = new TestLog()) {
                TestToken token =
                        TestToken.of(service, service.token(mine.get(i).headers()));
                assertThat(token.claim("client_id")).isEqualTo(OWN);
                assertThat(token.attribute("authority")).isEqualTo("factory");
                assertThat(token.attribute("x5_issuer")).isEqualTo("CN=Root CA");
                assertThat(token.attribute("x5_subject")).isEmpty();
                assertAuthority(service, theirs.get(i), "office");
                assertAuthority(service, renewed.get(i), "factory");

                assertForeign(service.token(stolen.get(i).headers()));
                assertForeign(service.token(stolenBack.get(i).headers()));
                assertError(service.token(strange.get(i).headers()), 401, "invalid_client");
                assertThat(log.text(Level.INFO))
                        .contains("reason_code=\"name_not_allowed\"")
                        .contains("the authority factory may not give the name URI 'spiffe://office.example/admin'")
                        .containsPattern("authority=\"factory\".*, generation=\"[0-9a-f]{12}\"");

                crossSign(service);
                assertAuthority(service, mine.get(i), "factory");
                assertAuthority(service, stolen.get(i), "office");
                assertForeign(service.token(stolenBack.get(i).headers()));
            }
            files.reset();
        }
    }

    private static void assertAuthority(TestService service, EvidenceSample sample, String authority) {
        assertThat(TestToken.of(service, service.token(sample.headers())).attribute("authority"))
                .isEqualTo(authority);
    }

    /** The office vouches for the factory by its signature, and for the names that it may give itself. */
    private void crossSign(TestService service) {
        TestAuthority.write(
                folder.resolve("office.pem"),
                office.certificate(),
                factory.crossSignedBy(office).certificate());
        assertThat(service.sendToAdmin(Request.post("/tasks/reload")).status()).isEqualTo(200);
    }

    private static List<EvidenceSample> chains(Identity client, String uri) {
        return EvidenceSample.of(client.certificate(), uri).stream()
                .filter(sample -> sample.kind() != Evidence.Kind.SUMMARY
                        && sample.kind() != Evidence.Kind.OF_CONNECTION
                        && !sample.flow().equals(SiteFlow.NAME))
                .toList();
    }

    @Test
    void names_overTheTlsPort_areThoseOfTheKey() {
        try (TestService service = startTls()) {
            TestToken token = TestToken.of(service, token(service, factory.client(OWN)));
            assertThat(token.attribute("authority")).isEqualTo("factory");
            assertThat(TestToken.of(service, token(service, office.client(FOREIGN)))
                            .attribute("authority"))
                    .isEqualTo("office");
            assertForeign(token(service, factory.client(FOREIGN)));
            assertForeign(token(service, office.client(OWN)));
            assertError(token(service, TestAuthority.root("Root CA").client(OWN)), 401, "invalid_client");
        }
    }

    @Test
    void names_ofEveryKind_needTheirRestriction() {
        try (TestService service = startTls()) {
            assertThat(token(service, leaf().dns("robot.factory.example").issue())
                            .status())
                    .isEqualTo(200);
            assertForeign(token(service, leaf().dns("factory.example").issue()));
            assertForeign(token(service, leaf().dns("*.factory.example").issue()));
            assertForeign(token(service, leaf().dns("robot.office.example").issue()));
            assertForeign(token(service, leaf().uri("urn:device:7").issue()));
            assertForeign(token(service, leaf().uri(FOREIGN).issue()));
            assertForeign(
                    token(service, leaf().uri("SPIFFE://factory.example/x").issue()));
            assertForeign(token(
                    service,
                    leaf().name(new GeneralName(GeneralName.rfc822Name, "a@factory.example"))
                            .issue()));
            assertForeign(token(
                    service,
                    leaf().name(new GeneralName(GeneralName.iPAddress, "10.0.0.1"))
                            .issue()));
            assertForeign(token(
                    service,
                    leaf().name(new GeneralName(new X500Name("CN=admin"))).issue()));
            assertForeign(token(
                    service,
                    leaf().name(new GeneralName(GeneralName.registeredID, "1.2.3"))
                            .issue()));
        }
    }

    private TestAuthority.Builder leaf() {
        return factory.leaf("robot").uri(OWN);
    }

    @Test
    void restrictions_areMet_byEachKind() {
        write("""
                version: 1
                authorities:
                  factory:
                    trustBundle: factory.pem
                    uriPrefixes: ["urn:device:", "https://devices.example.com/"]
                    emailDomains: [factory.example]
                    ipNetworks: [10.0.0.0/8]
                    subjects: ["O=Example,OU=Devices"]
                    clientId: "{client.authority}/{client.cn}"
                rules: allow-all
                """);
        try (TestService service = startTls()) {
            TestToken token = TestToken.of(service, token(service, subject("CN=robot-7,OU=devices,O=EXAMPLE")));
            assertThat(token.claim("client_id")).isEqualTo("factory/robot-7");
            assertThat(token.claim("sub")).isEqualTo("factory/robot-7");
            assertThat(token.attribute("x5_cn")).isEqualTo("robot-7");

            assertForeign(token(service, subject("CN=robot-7,OU=Devices")));
            assertForeign(token(service, subject("CN=robot-7,OU=Devices,O=Example,O=Other")));
            assertThat(token(service, subject("O=Example,OU=Devices")).status()).isEqualTo(401);
            assertThat(token(service, subject("O=Example,OU=Devices,CN=a,CN=b")).status())
                    .isEqualTo(401);
        }
    }

    private Identity subject(String name) {
        return factory.leaf(new X500Name(name))
                .uri("urn:device:7")
                .uri("https://devices.example.com/7")
                .name(new GeneralName(GeneralName.rfc822Name, "robot@factory.example"))
                .name(new GeneralName(GeneralName.iPAddress, "10.1.2.3"))
                .issue();
    }

    @Test
    void path_throughACrossSignedRoot_isOfTheAuthorityThatMayGiveTheNames() {
        TestAuthority cross = factory.crossSignedBy(office);
        try (TestService service = startTls()) {
            Identity own = factory.client(OWN).with(cross.certificate());
            assertThat(TestToken.of(service, token(service, own)).attribute("authority"))
                    .isEqualTo("factory");
            // The office vouches for the factory by its signature, and for the names that it may give itself.
            Identity theirs = factory.client(FOREIGN).with(cross.certificate());
            assertThat(TestToken.of(service, token(service, theirs)).attribute("authority"))
                    .isEqualTo("office");
            assertForeign(token(service, factory.client(FOREIGN)));
        }
    }

    @Test
    void client_thatChoosesItsIntermediates_getsNoForeignName() {
        TestAuthority line = factory.intermediate("Line CA", 0);
        X509Certificate own = line.certificate();
        X509Certificate cross = line.crossSignedBy(office).certificate();
        X509Certificate[] namesakes = IntStream.range(0, 5)
                .mapToObj(i -> office.intermediate("Line CA", 0).certificate())
                .toArray(X509Certificate[]::new);
        Identity mine = line.client(OWN);
        Identity theirs = line.client(FOREIGN);
        try (TestService service = startTls()) {
            for (Identity chosen : List.of(
                    mine.with(own), mine.with(cross, own), mine.with(namesakes).with(own))) {
                assertThat(TestToken.of(service, token(service, chosen)).attribute("authority"))
                        .isEqualTo("factory");
            }
            assertForeign(token(service, mine.with(cross)));
            assertForeign(token(service, theirs.with(own)));
            assertError(token(service, theirs.with(namesakes)), 401, "invalid_client");
            // The office signed this key, so that its names are the office's to give.
            assertThat(TestToken.of(service, token(service, theirs.with(own, cross)))
                            .attribute("authority"))
                    .isEqualTo("office");
        }
    }

    @Test
    void authority_renewedWithTheSameKey_staysThatAuthority() {
        TestAuthority renewed = factory.renewed(content -> content);
        TestAuthority.write(folder.resolve("factory.pem"), factory.certificate(), renewed.certificate());
        try (TestService service = startTls()) {
            assertThat(TestToken.of(service, token(service, renewed.client(OWN)))
                            .attribute("authority"))
                    .isEqualTo("factory");
        }
    }

    @Test
    void intermediate_asAnchor_countsWhereThePolicySaysSo() {
        TestAuthority intermediate = factory.intermediate("Line CA", 0);
        TestAuthority.write(folder.resolve("factory.pem"), intermediate.certificate());
        write(TWO.replace("factory.pem,", "factory.pem, intermediatesAsAnchors: true,"));
        try (TestService service = startTls()) {
            assertThat(token(service, intermediate.client(OWN)).status()).isEqualTo(200);
            assertForeign(token(service, intermediate.client(FOREIGN)));
            assertError(token(service, factory.client(OWN)), 401, "invalid_client");
        }
    }

    @Test
    void summaries_areTrustedOnlyWhereThePolicySaysSo() {
        Headers summary = TestLoadBalancer.verified(factory.client(OWN).certificate());
        try (TestService service = start(Map.of())) {
            assertError(service.token(summary), 401, "invalid_client");
        }
        write(TWO.replace("rules:", "forwardedSummaries: trusted\nrules:"));
        try (TestService service = start(Map.of())) {
            assertThat(TestToken.of(service, service.token(summary)).attribute("authority"))
                    .isEqualTo("forwarded");
        }
        write("version: 1\nrules: allow-all\n");
        try (TestService service = start(Map.of())) {
            assertThat(TestToken.of(service, service.token(summary)).attribute("authority"))
                    .isEqualTo("default");
        }
    }

    @Test
    void handshake_offersTheNamesOfAllAuthorities_unlessTheyAreTooMany() {
        StringBuilder policy = new StringBuilder(TWO.substring(0, TWO.indexOf("rules:")));
        X509Certificate[] lines = IntStream.range(0, 100)
                .mapToObj(i -> TestAuthority.root("Line " + i).certificate())
                .toArray(X509Certificate[]::new);
        for (int i = 0; i < lines.length; i++) {
            TestAuthority.write(folder.resolve(i + ".pem"), lines[i]);
            policy.append("  line%d: {trustBundle: %d.pem, trustDomains: [line%d.example]}%n".formatted(i, i, i));
        }
        write(policy + "rules: allow-all\n");
        try (TestService service = startTls()) {
            assertThat(offered(service)).hasSize(101).contains(lines[99].getSubjectX500Principal());

            X509Certificate[] many = IntStream.range(0, 700)
                    .mapToObj(i -> TestAuthority.root("Line " + i + ",O=" + "x".repeat(64))
                            .certificate())
                    .toArray(X509Certificate[]::new);
            TestAuthority.write(folder.resolve("0.pem"), (Object[]) many);
            service.sendToAdmin(Request.post("/tasks/reload"));
            assertThat(offered(service)).isEmpty();
        }
    }

    /** What each version of TLS offers, which is the same. */
    private Set<Principal> offered(TestService service) {
        Set<Principal> names = new HashSet<>();
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            TlsClient client = files.tls(factory.client(OWN)).speaking(protocol);
            assertThat(client.token(service.tlsPort(), Headers.NONE).status()).isEqualTo(200);
            assertThat(client.timesShown()).isEqualTo(1);
            assertThat(names.isEmpty() || names.equals(Set.copyOf(client.offered())))
                    .isTrue();
            names.addAll(client.offered());
        }
        return names;
    }

    @Test
    void start_withSettingsThatSayTheSame_isRefused() {
        List<String> refused = new ArrayList<>();
        for (Map<String, String> variables : List.of(
                Map.of("MTLS_TRUST_BUNDLE", folder.resolve("office.pem").toString()),
                Map.of("MTLS_VERIFY_FORWARDED", "false"))) {
            try (TestService service = start(variables)) {
                throw new AssertionError("started on " + service.port());
            } catch (IllegalStateException e) {
                refused.add(String.valueOf(e.getCause()));
            }
        }
        assertThat(refused.get(0)).contains("authorities says the same as MTLS_TRUST_BUNDLE");
        assertThat(refused.get(1)).contains("authorities says the same as MTLS_VERIFY_FORWARDED");
    }
}
