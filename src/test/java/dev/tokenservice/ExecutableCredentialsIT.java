package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.GoogleTransport;
import dev.tokenservice.testing.RunningJar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's own client library, which runs an executable that asks this service for the subject token (AIP-4117). */
class ExecutableCredentialsIT {

    private static final String PROVIDER = "//iam.googleapis.com/projects/123456789012/locations/global"
            + "/workloadIdentityPools/widgets/providers/token-service";
    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";
    private static final String IMPERSONATED = "reader@project.iam.gserviceaccount.com";

    @TempDir
    static Path folder;

    private static FakeGoogle google;
    private static GoogleTransport transport;
    private static RunningJar service;

    @BeforeAll
    static void start() {
        google = FakeGoogle.start();
        transport = new GoogleTransport(
                GoogleTransport.Limits.DEFAULT, google.certificates().clientContext());
        service = RunningJar.start(
                folder,
                Map.of(
                        "SIGNER", "iam",
                        "GCE_METADATA_HOST", google.metadataHost(),
                        "IAM_CREDENTIALS_URL", google.url(),
                        "JWKS_URL", google.jwksUrl(),
                        "WORKLOAD_IDENITY_PROJECT_NUMBER", "123456789012",
                        "WORKLOAD_IDENITY_POOL_ID", "widgets",
                        "WORKLOAD_IDENITY_PROVIDER_ID", "token-service"),
                google.certificates().jvmArguments(folder));
        google.sts().addProvider(PROVIDER, "http://localhost:" + service.port());
        google.iam().grantImpersonation(IMPERSONATED, SPIFFE_ID);
    }

    @AfterAll
    static void stop() {
        service.close();
        transport.close();
        google.close();
    }

    @Test
    void refresh_executableThatAsksTheService_tokenOfTheWorkloadThatIamAccepts() throws IOException {
        int impersonations = google.calls(Call.GENERATE_ACCESS_TOKEN);

        GoogleCredentials credentials = credentials("true");
        credentials.refresh();

        assertThat(credentials.getAccessToken()).isNotNull();
        assertThat(google.calls(Call.GENERATE_ACCESS_TOKEN)).isEqualTo(impersonations + 1);
    }

    @Test
    void refresh_clientWithoutCertificate_libraryTellsCodeAndMessage() throws IOException {
        GoogleCredentials credentials = credentials("false");

        assertThatThrownBy(credentials::refresh).hasMessageContaining("invalid_client");
    }

    private static GoogleCredentials credentials(String certificatePresent) throws IOException {
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
                Map.of("executable", Map.of("command", executable(certificatePresent), "timeout_millis", 15_000)));
        return GoogleCredentials.fromStream(
                        new ByteArrayInputStream(new ObjectMapper().writeValueAsBytes(configuration)), transport::http)
                .createScoped(CLOUD_PLATFORM);
    }

    private static String executable(String certificatePresent) throws IOException {
        Path script = folder.resolve("credential-" + certificatePresent);
        Files.writeString(script, """
                #!/bin/sh
                exec curl -s http://localhost:%d/token -d grant_type=client_credentials -d format=external_credential \\
                  -H 'X-Client-Cert-Present: %s' -H 'X-Client-Cert-Chain-Verified: %s' -H 'X-Client-Cert-Spiffe: %s'
                """.formatted(service.port(), certificatePresent, certificatePresent, SPIFFE_ID));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }
}
