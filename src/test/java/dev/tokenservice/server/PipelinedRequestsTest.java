package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Http;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send requests without waiting for the answers. */
class PipelinedRequestsTest {

    /** Some of them accept and select. */
    private static final int THREADS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger slow = new AtomicInteger();
    private final List<Socket> clients = new ArrayList<>();

    /** Answers with the path, but for some. */
    private final Handler handler = new Handler.Abstract() {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = request.getHttpURI().getPath();
            switch (path) {
                case "/slow" -> {
                    Thread.sleep(1);
                    slow.incrementAndGet();
                }
                case "/fails" -> throw new IllegalStateException("as it should");
                case "/nobody" -> {
                    return false;
                }
                default -> {}
            }
            response.write(true, ByteBuffer.wrap(path.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }
    };

    @AfterEach
    void closeClients() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    private InputStream send(TestServer server, List<String> paths) throws IOException {
        Socket client = Http.open(server.port());
        clients.add(client);
        String requests = paths.stream()
                .map(path -> Http.head("GET " + path + " HTTP/1.1", "Host: localhost"))
                .collect(Collectors.joining());
        client.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
        return new BufferedInputStream(client.getInputStream());
    }

    private static List<String> paths(int count, String last) {
        List<String> paths =
                new ArrayList<>(IntStream.range(1, count).mapToObj(i -> "/" + i).toList());
        paths.add(last);
        return paths;
    }

    @Test
    void requests_areAnsweredInTheirOrder() throws Exception {
        try (TestServer server = new TestServer(THREADS, new PipelinedRequests(handler))) {
            List<String> paths = paths(500, "/last");

            InputStream answers = send(server, paths);

            for (String path : paths) {
                assertThat(Http.read(answers, "GET").body()).isEqualTo(path);
            }
        }
    }

    @Test
    void requests_ofMoreClientsThanThreads_letOthersGoFirst() throws Exception {
        int each = 300;
        int all = 4 * THREADS * each;
        try (TestServer server = new TestServer(THREADS, new PipelinedRequests(handler))) {
            for (int i = 0; i < 4 * THREADS; i++) {
                send(server, Collections.nCopies(each, "/slow"));
            }
            Eventually.within(PATIENCE, true, () -> slow.get() > each);

            assertThat(Http.send(server.port(), dev.tokenservice.testing.Request.get("/other"))
                            .body())
                    .isEqualTo("/other");
            assertThat(slow.get()).isLessThan(all / 2);
            Eventually.within(PATIENCE, all, slow::get);
        }
    }

    @Test
    void request_thatFailsOrThatNobodyAnswers_isAnError() throws Exception {
        try (TestServer server = new TestServer(THREADS, new PipelinedRequests(handler))) {
            assertThat(lastStatus(server, "/nobody")).isEqualTo(404);
            assertThat(lastStatus(server, "/fails")).isEqualTo(500);
            assertThat(lastStatus(server, "/else")).isEqualTo(200);
        }
    }

    private int lastStatus(TestServer server, String last) throws IOException {
        InputStream answers = send(server, paths(20, last));
        for (int i = 1; i < 20; i++) {
            Http.read(answers, "GET");
        }
        return Http.read(answers, "GET").status();
    }
}
