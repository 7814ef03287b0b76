package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The end of a process that is asked to stop: probes learn of it first, clients hardly, and nobody waits for long. */
@Tag("endurance")
@Execution(ExecutionMode.CONCURRENT)
class StopIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SPIFFE_ID = "spiffe://example.org/robot";

    @TempDir
    Path folder;

    @Test
    void stop_whileClientsAreConnected_endsThemInTurn() throws Exception {
        try (FakeGoogle google = FakeGoogle.start();
                RunningJar jar = RunningJar.start(
                        folder, onCloudRun(google), google.certificates().jvmArguments(folder));
                Socket idle = Http.open(jar.port())) {
            idle.getOutputStream()
                    .write(Http.head("GET / HTTP/1.1", "Host: localhost").getBytes(StandardCharsets.US_ASCII));
            assertThat(Http.read(idle.getInputStream(), "GET").status()).isEqualTo(307);
            assertThat(TestClient.tokenAsync(jar.port(), SPIFFE_ID, "").join().status())
                    .isEqualTo(200);
            google.delay(FakeGoogle.Call.SIGN_JWT, Duration.ofSeconds(4));
            int calls = google.calls(FakeGoogle.Call.SIGN_JWT);
            CompletableFuture<Answer> inFlight = TestClient.tokenAsync(jar.port(), SPIFFE_ID, "");
            Eventually.within(LIMIT, true, () -> google.calls(FakeGoogle.Call.SIGN_JWT) > calls);

            Instant asked = Instant.now();
            CompletableFuture<Duration> idleEnded = CompletableFuture.supplyAsync(() -> untilTheEnd(idle, asked));
            ProcessHandle process = jar.stop();

            assertThat(statusOnceNotReady(jar)).isEqualTo(503);
            assertThat(TestClient.get(jar.port(), "/.well-known/openid-configuration")
                            .status())
                    .isEqualTo(200);
            assertThat(inFlight.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(idleEnded.get(10, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(7));
            process.onExit().get(10, TimeUnit.SECONDS);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(LIMIT);
            assertThat(jar.log()).doesNotContain("TimeoutException");
        }
    }

    private static Map<String, String> onCloudRun(FakeGoogle google) {
        Map<String, String> variables = google.cloudRun();
        variables.put("TOKEN_AUDIENCE", "https://api.example.com");
        return variables;
    }

    private static Duration untilTheEnd(Socket socket, Instant asked) {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (IOException e) {
            // The end of the process, for which this connection should not have had to wait.
        }
        return Duration.between(asked, Instant.now());
    }

    private static int statusOnceNotReady(RunningJar jar) throws InterruptedException {
        Request probe = Request.get("/health-check?type=ready");
        int status = 200;
        while (status == 200) {
            TimeUnit.MILLISECONDS.sleep(20);
            status = Http.send(jar.port(), probe).status();
        }
        return status;
    }

    @Test
    void stop_requestThatNeverEnds_isCutOff() throws Exception {
        try (RunningJar jar = RunningJar.start(folder, Map.of("SIGNING_ALGORITHM", "ES256"), List.of());
                Socket stuck = Http.open(jar.port())) {
            stuck.getOutputStream()
                    .write(Http.head("POST /token HTTP/1.1", "Host: localhost", "Content-Length: 10")
                            .getBytes(StandardCharsets.US_ASCII));
            stuck.getOutputStream().flush();

            Instant asked = Instant.now();
            jar.stop().onExit().get(15, TimeUnit.SECONDS);

            assertThat(Duration.between(asked, Instant.now())).isLessThan(LIMIT);
        }
    }
}
