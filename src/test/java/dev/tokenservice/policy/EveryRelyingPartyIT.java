package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.tokenservice.TestCommandLine;
import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeSts;
import dev.tokenservice.google.TestTls;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.FakeAws;
import dev.tokenservice.testing.FakeEntra;
import dev.tokenservice.testing.FakeKubernetes;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestKeys;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One certificate gets a token for each of them from one service, and each accepts its own and no other. */
class EveryRelyingPartyIT {

    private static final String ISSUER = "https://tokens.example.com";
    private static final String ID = "spiffe://example.org/robot";
    private static final Headers CLIENT = TestLoadBalancer.verified(
            TestCertificates.authority("Test CA").client().uri(ID).issue());
    private static final String POLICY = """
            version: 1
            relyingParties:
              google: {profile: google}
              aws: {profile: aws, audience: sts.amazonaws.com}
              entra: {profile: entra, audience: "api://AzureADTokenExchange", include: minimal}
              kubernetes: {profile: kubernetes, audience: "https://kubernetes.example.com", subject: "robots/{client.id}"}
            rules: allow-all
            """;

    @TempDir
    static Path folder;

    private static final FakeGoogle GOOGLE = FakeGoogle.startWithoutTls();
    private static final TestTls TLS = TestTls.authority("Fake Kubernetes");
    private static final Map<String, String> VARIABLES = new HashMap<>();

    private static TestService service;
    private static URI address;
    private static FakeAws aws;
    private static FakeEntra entra;
    private static FakeKubernetes kubernetes;

    @BeforeAll
    static void start() throws Exception {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Files.writeString(keys.resolve("1-rsa.jwk"), TestKeys.rsaJwk());
        Files.writeString(
                keys.resolve("2-ec.jwk"),
                new ECKeyGenerator(Curve.P_256).generate().toJSONString());
        VARIABLES.putAll(FakeGoogle.WORKLOAD_IDENTITY);
        VARIABLES.putAll(GOOGLE.endpoints());
        VARIABLES.putAll(Map.of(
                "POLICY",
                Files.writeString(folder.resolve("policy.yml"), POLICY).toString(),
                "TOKEN_ISSUER",
                ISSUER,
                "SIGNING_KEYS",
                keys.toString()));
        service = TestService.start(VARIABLES);
        address = URI.create("http://localhost:" + service.port());
        GOOGLE.sts()
                .addProvider(
                        "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/"
                                + "providers/token-service",
                        FakeSts.Provider.of(ISSUER).mapping("sub"));
        GOOGLE.sts().resolve(ISSUER, address);
        aws = FakeAws.start(ISSUER, address, "sts.amazonaws.com", ID);
        entra = new FakeEntra(ISSUER, address, ID, "api://AzureADTokenExchange");
        kubernetes = new FakeKubernetes(shown("kubernetes"), address, TLS.serverContext(TLS.server("localhost")));
    }

    @AfterAll
    static void stop() {
        service.close();
        aws.close();
        kubernetes.close();
        GOOGLE.close();
    }

    /** The document that an operator is told to use. */
    private static String shown(String name) {
        Map<String, String> variables = new HashMap<>(VARIABLES);
        variables.put("SIGNING_ALGORITHM", "ES256");
        return TestCommandLine.run(variables, "relying-parties", "show", name)
                .output()
                .replaceFirst("(?s).*<<'YAML'\n(.*?)\nYAML\n.*", "$1");
    }

    private static String token(String relyingParty) {
        return service.token(CLIENT, "relying_party", relyingParty).text("id_token");
    }

    @Test
    void tokens_areAcceptedByTheirRelyingParties() {
        Response role = aws.assumeRole(token("aws"));
        Response access = service.token(CLIENT, "scope", "https://www.googleapis.com/auth/cloud-platform");

        assertThat(role.status()).as(role.body()).isEqualTo(200);
        assertThat(role.body()).contains("<SubjectFromWebIdentityToken>" + ID + "<");
        assertThat(entra.refuses(token("entra"))).isEmpty();
        assertThat(kubernetes.user(token("kubernetes"))).isEqualTo("token-service:robots/" + ID);
        assertThat(access.status()).as(access.body()).isEqualTo(200);
        assertThat(access.text("access_token")).startsWith("ya29.");
    }

    @Test
    void tokens_areRefusedByTheOthers() {
        assertThat(aws.assumeRole(token("entra")).body()).contains("Incorrect token audience");
        assertThat(entra.refuses(token("aws"))).contains("ES256 is not a supported signature algorithm");
        assertThat(entra.refuses(token("google"))).contains("ES256");
        assertThat(kubernetes.user(token("aws"))).isEmpty();
    }

    @Test
    @Tag("scripts-and-pages")
    void aws_theRealProgram_assumesTheRole() throws Exception {
        Path program = Programs.require("aws");
        Path token = Files.writeString(folder.resolve("token"), token("aws"));

        Command result = Command.run(
                folder,
                Map.of("AWS_ENDPOINT_URL_STS", aws.url(), "AWS_REGION", "us-east-1"),
                List.of(
                        program.toString(),
                        "sts",
                        "assume-role-with-web-identity",
                        "--role-arn",
                        FakeAws.ROLE,
                        "--role-session-name",
                        "robot",
                        "--web-identity-token",
                        "file://" + token));

        assertThat(result.status()).as(result.complaint()).isZero();
        assertThat(result.output()).contains("\"SubjectFromWebIdentityToken\": \"" + ID + "\"");
    }

    @Test
    @Tag("scripts-and-pages")
    void kubectl_theRealProgram_isKnownByItsSubject() throws Exception {
        Path program = Programs.require("kubectl");
        Path ca = TestAuthority.write(folder.resolve("ca.pem"), TLS.certificate());

        Command result = Command.run(
                folder,
                Map.of("HOME", folder.toString()),
                List.of(
                        program.toString(),
                        "auth",
                        "whoami",
                        "--server=" + kubernetes.url(),
                        "--certificate-authority=" + ca,
                        "--token=" + token("kubernetes")));

        assertThat(result.status()).as(result.complaint()).isZero();
        assertThat(result.output()).contains("token-service:robots/" + ID);
    }
}
