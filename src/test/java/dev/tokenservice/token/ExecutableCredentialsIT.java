package dev.tokenservice.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Google's own client library, and gcloud, run {@code examples/token-service-credential}, which asks this service over mutual TLS
 * for the subject token (AIP-4117). A policy says who gets one for the relying party google.
 */
class ExecutableCredentialsIT {

    private static final Path COMMAND = Path.of("examples/token-service-credential");
    private static final String PROVIDER = "//iam.googleapis.com/projects/123456789012/locations/global"
            + "/workloadIdentityPools/widgets/providers/token-service";
    private static final String ISSUER = "https://token-service.example.com";
    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";
    private static final String IMPERSONATED = "reader@project.iam.gserviceaccount.com";
    private static final String POLICY = """
            version: 1
            authorities:
              widgets: {trustBundle: clients.crt, trustDomains: [example.com]}
            relyingParties:
              google: {profile: google}
              billing: {audience: "https://billing.example.com"}
            rules:
              - name: widgets
                match: {authority: widgets, spiffe: "spiffe://example.com/widget/*"}
                allow: {relyingParties: [google]}
            """;

    private static final TestAuthority AUTHORITY = TestAuthority.root("Widget CA");

    @TempDir
    static Path folder;

    private static FakeGoogle google;
    private static GoogleTransport transport;
    private static RunningJar service;

    @BeforeAll
    static void start() throws IOException {
        google = FakeGoogle.start();
        transport = new GoogleTransport(
                GoogleTransport.Limits.DEFAULT, google.certificates().clientContext(), reason -> {});
        service = RunningJar.start(folder, variables(), google.certificates().jvmArguments(folder));
        google.sts().addProvider(PROVIDER, ISSUER);
        google.sts().resolve(ISSUER, URI.create("http://localhost:" + service.port()));
        google.iam().grantImpersonation(IMPERSONATED, SPIFFE_ID);
    }

    private static Map<String, String> variables() throws IOException {
        Map<String, String> variables = google.cloudRun();
        variables.putAll(FakeGoogle.WORKLOAD_IDENTITY);
        variables.putAll(AUTHORITY.tlsVariables(folder));
        variables.remove("MTLS_TRUST_BUNDLE");
        variables.put(
                "POLICY",
                Files.writeString(folder.resolve("policy.yml"), POLICY).toString());
        variables.put("TOKEN_ISSUER", ISSUER);
        return variables;
    }

    @AfterAll
    static void stop() {
        service.close();
        transport.close();
        google.close();
    }

    @Test
    void refresh_goodCertificate_tokenOfTheWorkloadThatIamAccepts() throws IOException {
        int impersonations = google.calls(Call.GENERATE_ACCESS_TOKEN);

        GoogleCredentials credentials = credentials(settings("good", AUTHORITY.client(SPIFFE_ID), service.tlsPort()));
        credentials.refresh();

        assertThat(credentials.getAccessToken()).isNotNull();
        assertThat(google.calls(Call.GENERATE_ACCESS_TOKEN)).isEqualTo(impersonations + 1);
    }

    @Test
    void refresh_foreignCertificate_libraryTellsTheReasonOfTheService() throws IOException {
        Identity foreign = TestAuthority.root("Foreign CA").client(SPIFFE_ID);

        assertThatThrownBy(credentials(settings("foreign", foreign, service.tlsPort()))::refresh)
                .hasMessageContainingAll("invalid_client", "trusted authority");
    }

    @Test
    void refresh_clientWithoutARule_libraryTellsThatThePolicyDoesNotAllowIt() throws IOException {
        Identity gadget = AUTHORITY.client("spiffe://example.com/gadget/1");

        assertThatThrownBy(credentials(settings("gadget", gadget, service.tlsPort()))::refresh)
                .hasMessageContainingAll("unauthorized_client", "the policy does not allow this client");
    }

    @Test
    void refresh_nobodyListens_libraryTellsTheReasonOfCurl() throws IOException {
        assertThatThrownBy(credentials(settings("nobody", AUTHORITY.client(SPIFFE_ID), 1))::refresh)
                .hasMessageContainingAll("CONNECTION", "localhost");
    }

    @Test
    void refresh_outputFile_oneTokenServesTwice() throws IOException {
        Path file = folder.resolve("output.json");
        Path settings = settings("output", AUTHORITY.client(SPIFFE_ID), service.tlsPort());
        int signatures = google.calls(Call.SIGN_JWT);

        credentials(settings, file).refresh();
        GoogleCredentials another = credentials(settings, file);
        another.refresh();

        assertThat(another.getAccessToken()).isNotNull();
        assertThat(google.calls(Call.SIGN_JWT)).isEqualTo(signatures + 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Tag("other-programs")
    @Test
    void printAccessToken_gcloudWithTheExecutable_tokenOfTheServiceAccount() throws IOException {
        Path settings = settings("gcloud", AUTHORITY.client(SPIFFE_ID), service.tlsPort());

        assertGcloudImpersonates("executable", configuration(settings));
    }

    /** The client has asked for the token itself, by the name of the relying party. */
    @Tag("other-programs")
    @Test
    void printAccessToken_gcloudWithATokenInAFile_tokenOfTheServiceAccount() throws IOException {
        Path token = folder.resolve("token.json");
        String answer = TlsClient.of(AUTHORITY.certificate(), Optional.of(AUTHORITY.client(SPIFFE_ID)))
                .send(service.tlsPort(), TestService.tokenRequest(Headers.NONE, "relying_party", "google"))
                .body();
        Files.writeString(token, answer);
        Map<String, Object> format = Map.of("type", "json", "subject_token_field_name", "id_token");

        assertGcloudImpersonates("file", configurationOf(Map.of("file", token.toString(), "format", format)));
    }

    /** With these credentials gcloud has a token of the service account. */
    private static void assertGcloudImpersonates(String name, byte[] configuration) throws IOException {
        int impersonations = google.calls(Call.GENERATE_ACCESS_TOKEN);
        Path file = Files.write(folder.resolve("gcloud-" + name + ".json"), configuration);

        gcloud(name, "auth", "login", "--quiet", "--cred-file=" + file);
        String token = gcloud(name, "auth", "print-access-token");

        assertThat(token).isNotBlank();
        assertThat(google.calls(Call.GENERATE_ACCESS_TOKEN)).isGreaterThan(impersonations);
    }

    /** Runs gcloud with a home of its own, and gives what it prints. */
    private static String gcloud(String home, String... arguments) {
        Map<String, String> variables = Map.of(
                "CLOUDSDK_CONFIG",
                folder.resolve("gcloud-" + home).toString(),
                "CLOUDSDK_CORE_DISABLE_PROMPTS",
                "1",
                "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING",
                "1",
                "REQUESTS_CA_BUNDLE",
                write("google.crt", google.certificates().certificate()));
        List<String> command = Stream.concat(
                        Stream.of(Programs.require("gcloud").toString()), Stream.of(arguments))
                .toList();
        Command ended = Command.run(folder, variables, command);
        assertThat(ended.status()).as(ended.complaint()).isZero();
        return ended.output().strip();
    }

    private static GoogleCredentials credentials(Path settings, Path... outputFile) throws IOException {
        return GoogleCredentials.fromStream(
                        new ByteArrayInputStream(configuration(settings, outputFile)), transport::http)
                .createScoped(CLOUD_PLATFORM);
    }

    private static byte[] configuration(Path settings, Path... outputFile) throws IOException {
        Map<String, Object> executable =
                new HashMap<>(Map.of("command", COMMAND.toAbsolutePath() + " " + settings, "timeout_millis", 30_000));
        if (outputFile.length > 0) {
            executable.put("output_file", outputFile[0].toString());
        }
        return configurationOf(Map.of("executable", executable));
    }

    /** An external account of the provider, whose subject token comes from there. */
    private static byte[] configurationOf(Map<String, Object> source) throws IOException {
        Map<String, Object> configuration = Map.of(
                "type",
                "external_account",
                "audience",
                PROVIDER,
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token",
                "token_url",
                google.url() + "/v1/token",
                "service_account_impersonation_url",
                google.url() + "/v1/projects/-/serviceAccounts/" + IMPERSONATED + ":generateAccessToken",
                "credential_source",
                source);
        return new ObjectMapper().writeValueAsBytes(configuration);
    }

    private static Path settings(String name, Identity identity, int port) throws IOException {
        return Files.writeString(folder.resolve(name + ".conf"), """
                # what token-service-credential has to know
                TOKEN_SERVICE_URL=https://localhost:%d/token
                TOKEN_SERVICE_CERTIFICATE=%s
                TOKEN_SERVICE_PRIVATE_KEY=%s
                TOKEN_SERVICE_CA=%s
                TOKEN_SERVICE_AUDIENCE=provider
                """.formatted(
                        port,
                        write(name + ".crt", identity.chain().toArray()),
                        write(name + ".key", identity.key()),
                        folder.resolve("clients.crt")));
    }

    private static String write(String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }
}
