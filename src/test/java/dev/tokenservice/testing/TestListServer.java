package dev.tokenservice.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server that publishes revocation lists, with ETags, or does anything else that a test has in mind. */
public final class TestListServer implements AutoCloseable {

    /** What is answered, whatever the request. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Reply(int status, Map<String, String> headers, byte[] body) {

        public static Reply of(int status, byte... body) {
            return new Reply(status, Map.of(), body);
        }

        public static Reply redirect(String location) {
            return new Reply(302, Map.of("Location", location), new byte[0]);
        }
    }

    /** A request as it came. */
    public record Seen(String path, Optional<String> ifNoneMatch) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "list-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, byte[]> lists = new ConcurrentHashMap<>();
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<Seen> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private TestListServer(HttpServer server) {
        this.server = server;
    }

    public static TestListServer start() {
        try {
            TestListServer started = new TestListServer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
            started.server.setExecutor(started.threads);
            started.server.createContext("/", started::handle);
            started.server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url(String path) {
        return "http://localhost:" + port() + path;
    }

    /** Publishes a list, in DER, under a path from now on. */
    public void publish(String path, X509CRL list) {
        try {
            lists.put(path, list.getEncoded());
            replies.remove(path);
        } catch (CRLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers each request to a path so from now on. */
    public void answer(String path, Reply reply) {
        replies.put(path, reply);
    }

    /** Answers no request to a path from now on. */
    public void hang(String path) {
        replies.put(path, Reply.of(0));
    }

    public List<Seen> requests() {
        return List.copyOf(requests);
    }

    /** How often a path was asked for. */
    public long requests(String path) {
        return requests.stream().filter(seen -> seen.path().equals(path)).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Optional<String> known =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match"));
        requests.add(new Seen(path, known));
        try (exchange) {
            Reply reply = replies.getOrDefault(path, listed(path, known));
            if (reply.status() == 0) {
                closed.await();
                return;
            }
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply listed(String path, Optional<String> known) {
        byte[] list = lists.get(path);
        if (list == null) {
            return Reply.of(404);
        }
        String etag = "\"" + Arrays.hashCode(list) + "\"";
        boolean unchanged = known.filter(etag::equals).isPresent();
        return new Reply(unchanged ? 304 : 200, Map.of("ETag", etag), unchanged ? new byte[0] : list);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
