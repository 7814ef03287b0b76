package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can have the service tell while it runs, and what nobody can. */
class LogLevelTaskIT {

    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";
    private static final String IMPERSONATED = "robot@project.iam.gserviceaccount.com";
    private static final String PROVIDER =
            "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/providers/token-service";
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    /** The root, and every part that handles headers, bodies or keys by a name of its own. */
    private static final List<String> LOGGERS = List.of(
            "ROOT",
            "request",
            "dev.tokenservice",
            "com.google.api.client",
            "com.google.api.client.http.HttpTransport",
            "com.google.auth",
            "org.apache.hc.client5.http",
            "org.apache.hc.client5.http.wire",
            "org.apache.hc.client5.http.headers",
            "org.eclipse.jetty",
            "org.glassfish.jersey",
            "io.jsonwebtoken",
            "io.github.resilience4j",
            "io.dropwizard",
            "jdk.event.security",
            "sun.net.www.protocol.http.HttpURLConnection");

    @TempDir
    Path folder;

    @Test
    void everyLogger_atTraceByTheTask_tellsOfNoTokenAndNoBearer() {
        try (FakeGoogle google = FakeGoogle.start();
                RunningJar service = start(google)) {
            google.sts().addProvider(PROVIDER, "http://localhost:" + service.port());
            google.iam().grantImpersonation(IMPERSONATED, SPIFFE_ID);
            for (String logger : LOGGERS) {
                assertThat(Http.send(
                                        service.adminPort(),
                                        Request.post("/tasks/log-level", "logger", logger, "level", "TRACE"))
                                .status())
                        .isEqualTo(200);
            }

            // A probe that goes well is a line at DEBUG.
            Http.send(service.port(), Request.get("/health-check?type=alive"));
            Answer answer = TestClient.tokenAsync(
                            service.port(), SPIFFE_ID, "service_account=" + IMPERSONATED + "&scope=" + SCOPE)
                    .join();

            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(service.log())
                    .as("the level is in force")
                    .containsPattern(" (DEBUG|TRACE) ")
                    .contains("decision=\"issued\"")
                    .doesNotContain(
                            answer.text("id_token"), answer.text("access_token"), "ya29.", "eyJ", "Bearer ", "BEGIN");
        }
    }

    private RunningJar start(FakeGoogle google) {
        Map<String, String> environment = new HashMap<>(Map.of(
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
                "token-service"));
        return RunningJar.start(folder, environment, google.certificates().jvmArguments(folder));
    }
}
