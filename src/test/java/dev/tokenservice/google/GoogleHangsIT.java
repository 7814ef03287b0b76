package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import dev.tokenservice.testing.TestMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service does while IAM takes calls and answers none. */
@Tag("endurance")
class GoogleHangsIT {

    private static final int MOST_WAITING = 256;
    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";

    @TempDir
    Path folder;

    @Test
    void service_whileIamHangs_answersEverythingElseAndRefusesBeyond256() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
                FakeGoogle google = FakeGoogle.start();
                RunningJar service = RunningJar.start(folder, variables(google, silent), List.of())) {
            List<CompletableFuture<Answer>> waiting = Stream.generate(() -> token(service))
                    .limit(2 * MOST_WAITING)
                    .toList();
            List<Answer> others = Stream.generate(
                            () -> TestClient.get(service.port(), "/.well-known/openid-configuration"))
                    .limit(20)
                    .toList();
            Answer alive = TestClient.get(service.port(), "/health-check?type=alive");
            Answer ready = TestClient.get(service.port(), "/health-check?type=ready");
            TestMetrics metrics = TestMetrics.parse(TestClient.get(service.adminPort(), "/prometheus")
                    .response()
                    .body());
            List<Answer> answers = waiting.stream().map(CompletableFuture::join).toList();

            assertThat(others).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
            assertThat(others.stream().map(Answer::took).sorted().toList().get(others.size() / 2))
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(List.of(alive.status(), ready.status())).containsExactly(200, 503);
            assertThat(metrics.value("token_service_ready", Map.of())).isZero();
            assertThat(metrics.value("token_service_health_check", Map.of("check", "iam")))
                    .isZero();
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
                assertThat(answer.header("Retry-After")).isNotEmpty();
            });
            assertThat(answers.stream()
                            .filter(answer -> answer.text("error_description").contains("too many")))
                    .hasSizeBetween(1, MOST_WAITING + 1);
        }
    }

    private static CompletableFuture<Answer> token(RunningJar service) {
        return TestClient.tokenAsync(service.port(), SPIFFE_ID, "");
    }

    private static Map<String, String> variables(FakeGoogle google, ServerSocket silent) {
        Map<String, String> variables = google.cloudRun();
        variables.put("TOKEN_AUDIENCE", "https://api.example.com");
        variables.put("IAM_CREDENTIALS_URL", "http://localhost:" + silent.getLocalPort());
        return variables;
    }
}
