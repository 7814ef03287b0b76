package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import dev.tokenservice.testing.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator can have the service tell while it runs, and what nobody can. */
class LogLevelTaskIT {

    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";
    private static final String IMPERSONATED = "robot@project.iam.gserviceaccount.com";
    private static final String PROVIDER =
            "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/providers/token-service";
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    /** The root, and every part that handles headers, bodies or keys by a name of its own; those that are pinned are refused. */
    private static final Map<String, Integer> LOGGERS = Map.ofEntries(
            Map.entry("ROOT", 200),
            Map.entry("request", 200),
            Map.entry("dev.tokenservice", 200),
            Map.entry("com.google", 200),
            Map.entry("com.google.api.client", 400),
            Map.entry("com.google.api.client.http.HttpTransport", 400),
            Map.entry("com.google.auth", 400),
            Map.entry("org.apache", 200),
            Map.entry("org.apache.hc.client5.http", 400),
            Map.entry("org.apache.hc.client5.http.wire", 400),
            Map.entry("org.apache.hc.client5.http.headers", 400),
            Map.entry("org.eclipse.jetty", 200),
            Map.entry("org.glassfish.jersey", 400),
            Map.entry("io.jsonwebtoken", 400),
            Map.entry("io.github.resilience4j", 200),
            Map.entry("io.dropwizard", 200),
            Map.entry("jdk.event.security", 200),
            Map.entry("sun.net.www.protocol.http.HttpURLConnection", 400));

    @TempDir
    Path folder;

    @Test
    void everyLogger_atTraceByTheTask_tellsOfNoTokenAndNoBearer() {
        try (FakeGoogle google = FakeGoogle.start();
                RunningJar service = start(google)) {
            google.sts().addProvider(PROVIDER, "http://localhost:" + service.port());
            google.iam().grantImpersonation(IMPERSONATED, SPIFFE_ID);
            LOGGERS.forEach((logger, status) -> assertThat(Http.send(
                                    service.adminPort(),
                                    Request.post("/tasks/log-level", "logger", logger, "level", "TRACE"))
                            .status())
                    .as(logger)
                    .isEqualTo(status));

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "logger=dev.tokenservice&level=debug              | Configured logging level for dev.tokenservice to DEBUG",
                "logger=dev.tokenservice&level=WARN&duration=PT1H | to WARN for 3600000 milliseconds",
                "logger=dev.tokenservice                          | Configured logging level for dev.tokenservice to null",
                "logger=org.apache.hc.client5&level=ERROR         | Configured logging level for org.apache.hc.client5"
            })
    void level_thatCanBeSet_isInForce(String form, String answer) {
        Response set = task(form);

        assertThat(set.status()).as(set.toString()).isEqualTo(200);
        assertThat(set.body()).contains(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "logger=dev.tokenservice&level=DEBG | level 'DEBG' is unknown: it must be one of [OFF, ERROR, WARN, INFO",
                "logger=dev.tokenservice&level=     | level '' is unknown",
                "logger=dev.tokenservice&level=ALL  | level 'ALL' is unknown",
                "logger=dev.tokenservice&level=INFO&level=DEBUG | may be given once",
                "level=DEBUG                        | logger is missing",
                "logger=&level=DEBUG                | logger '' is not the name of a logger",
                "logger=a%0Ab&level=DEBUG           | logger 'a?b' is not the name of a logger",
                "logger=ROOT                        | ROOT must have one of",
                "logger=ROOT&level=DEBUG&duration=PT10M | duration is not allowed for ROOT",
                "logger=audit&level=OFF             | logger audit is pinned: audit lines are written at every level",
                "logger=org.apache.hc&level=DEBUG   | logger org.apache.hc is pinned",
                "logger=request&level=DEBUG&duration=10m | duration '10m' must be ISO 8601, PT1S to PT24H, such as PT10M",
                "logger=request&level=DEBUG&duration=-PT1S | duration '-PT1S' must be",
                "logger=request&level=DEBUG&duration=PT25H | duration 'PT25H' must be",
                "logger=request&duration=PT1M       | level is missing"
            })
    void level_thatCannotBeSet_isRefusedWithWhatIsAllowed(String form, String problem) {
        Response refused = task(form);

        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(refused.header("content-type")).startsWith("text/plain");
        assertThat(refused.body()).contains(problem).hasLineCount(1);
    }

    @AfterAll
    static void levelOfParent() {
        task("logger=dev.tokenservice");
        task("logger=org.apache.hc.client5");
    }

    private static Response task(String form) {
        return TestService.shared().sendToAdmin(Request.post("/tasks/log-level").body(form));
    }

    private RunningJar start(FakeGoogle google) {
        Map<String, String> environment = google.cloudRun();
        environment.putAll(FakeGoogle.WORKLOAD_IDENTITY);
        return RunningJar.start(folder, environment, google.certificates().jvmArguments(folder));
    }
}
