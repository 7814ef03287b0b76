package dev.tokenservice.server;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that announce a body and do not send it, or byte by byte: they get an answer in the end, and keep nobody waiting. */
class SlowBodyIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String HEAD = Http.head(
            "POST /token HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 1000");

    private final TestService service = TestService.shared();

    @Test
    void body_slowOrMissing_isRefusedInTheEndAndKeepsNobodyWaiting() {
        Instant start = Instant.now();
        List<CompletableFuture<Response>> silent = IntStream.range(0, 100)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> send(0), task -> new Thread(task).start()))
                .toList();
        CompletableFuture<Response> dripping =
                CompletableFuture.supplyAsync(() -> send(60), task -> new Thread(task).start());

        for (int i = 0; i < 20; i++) {
            Instant asked = Instant.now();
            assertThat(service.send(Request.get("/health-check?type=alive")).status())
                    .isEqualTo(200);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(2));
        }
        assertError(dripping.join(), 400, "invalid_request");
        silent.forEach(answer -> assertError(answer.join(), 400, "invalid_request"));
        assertThat(Duration.between(start, Instant.now())).isLessThan(LIMIT);
    }

    /** Sends a byte a second for some time, or until there is an answer. */
    private Response send(int seconds) {
        try (Socket socket = Http.open(service.port())) {
            socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < seconds && socket.getInputStream().available() == 0; i++) {
                socket.getOutputStream().write('a');
                TimeUnit.SECONDS.sleep(1);
            }
            return Http.read(socket.getInputStream(), "POST");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
