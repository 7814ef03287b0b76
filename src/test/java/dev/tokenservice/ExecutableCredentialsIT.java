package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.testing.RunningJar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's own client library, for which an executable fetches the subject token from this service (AIP-4117). */
class ExecutableCredentialsIT {

    private static final String PROVIDER =
            "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/providers/token-service";
    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

    @TempDir
    Path folder;

    @Test
    void clientLibrary_withAnExecutableThatAsksUs_getsAnAccessToken() throws IOException {
        try (FakeGoogle google = FakeGoogle.start();
                RunningJar service = RunningJar.start(folder, environment(google), jvmArguments(google))) {
            google.sts().addProvider(PROVIDER, "http://localhost:" + service.port());

            AccessToken token =
                    credentials(google, executable(service.port(), "true")).refreshAccessToken();

            assertThat(token.getTokenValue()).isNotEmpty();
            assertThat(google.calls(Call.STS)).isEqualTo(1);
        }
    }

    @Test
    void clientLibrary_ofAClientWhoseCertificateIsNotVerified_tellsOurReason() throws IOException {
        try (FakeGoogle google = FakeGoogle.start();
                RunningJar service = RunningJar.start(folder, environment(google), jvmArguments(google))) {
            GoogleCredentials credentials = credentials(google, executable(service.port(), "false"));

            assertThatThrownBy(credentials::refreshAccessToken)
                    .hasStackTraceContaining("invalid_client")
                    .hasStackTraceContaining("could not be verified");
        }
    }

    private List<String> jvmArguments(FakeGoogle google) {
        return google.certificates().jvmArguments(folder);
    }

    private static Map<String, String> environment(FakeGoogle google) {
        return Map.of(
                "K_SERVICE",
                "token-service",
                "GCE_METADATA_HOST",
                google.metadataHost(),
                "IAM_CREDENTIALS_URL",
                google.url(),
                "STS_URL",
                google.url(),
                "JWKS_URL",
                google.jwksUrl(),
                "WORKLOAD_IDENTITY_PROJECT_NUMBER",
                "123456789012",
                "WORKLOAD_IDENTITY_POOL_ID",
                "widgets",
                "WORKLOAD_IDENTITY_PROVIDER_ID",
                "token-service");
    }

    private Path executable(int port, String verified) throws IOException {
        String headers = Map.of(
                        "X-Client-Cert-Present", "true",
                        "X-Client-Cert-Chain-Verified", verified,
                        "X-Client-Cert-Spiffe", "spiffe://example.com/widget/1")
                .entrySet()
                .stream()
                .map(header -> "-H '" + header.getKey() + ": " + header.getValue() + "'")
                .collect(Collectors.joining(" "));
        Path script = folder.resolve("fetch-token");
        Files.writeString(
                script,
                "#!/bin/sh\nexec curl -s http://localhost:" + port + "/token " + headers
                        + " -d grant_type=client_credentials -d format=external_credential\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private static GoogleCredentials credentials(FakeGoogle google, Path executable) throws IOException {
        String json = """
                {
                  "type": "external_account",
                  "audience": "%s",
                  "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
                  "token_url": "%s/v1/token",
                  "credential_source": {"executable": {"command": "%s", "timeout_millis": 30000}}
                }
                """.formatted(PROVIDER, google.url(), executable);
        NetHttpTransport transport = new NetHttpTransport.Builder()
                .setSslSocketFactory(google.certificates().clientContext().getSocketFactory())
                .build();
        return GoogleCredentials.fromStream(
                        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), () -> transport)
                .createScoped(CLOUD_PLATFORM);
    }
}
