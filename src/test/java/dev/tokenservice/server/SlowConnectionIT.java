package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestMonitored;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that never come to an end, each in a way of its own, and are kept alive by a byte now and then. */
class SlowConnectionIT {

    private static final String FORM = "grant_type=client_credentials";
    private static final String TYPE = "Content-Type: application/x-www-form-urlencoded";
    private static final String CLIENT_HELLO = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000";

    /** More than the service needs for itself, and fewer than the connections that it would take. */
    private static final int MAX_DESCRIPTORS = 600;

    @TempDir
    static Path folder;

    private static TestService service;
    private static TestService tlsService;

    @BeforeAll
    static void start() throws Exception {
        service = TestService.start(Map.of("TRUSTED_PROXIES", "127.0.0.1"));
        tlsService = TestMonitored.start(folder);
    }

    @AfterAll
    static void stop() {
        service.close();
        tlsService.close();
    }

    /** A client that sends a beginning, then a piece for each second that passes, and keeps its side open. */
    private static final class Client implements AutoCloseable {

        private final SocketChannel channel;
        private final byte[] piece;
        private final boolean reads;
        private final StringBuilder said = new StringBuilder();
        private int ended = -1;

        private Client(int port, String beginning, String piece, boolean reads) throws IOException {
            this.piece = piece.getBytes(StandardCharsets.ISO_8859_1);
            this.reads = reads;
            channel = SocketChannel.open();
            if (!reads) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 1024);
            }
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.ISO_8859_1)));
        }

        void second(int now) {
            if (ended < 0) {
                try {
                    if (!read()) {
                        ended = now;
                    }
                    channel.write(ByteBuffer.wrap(piece));
                } catch (IOException e) {
                    ended = now;
                }
            }
        }

        /** Whether the server has more to say; of one who does not listen, whether it still holds the connection. */
        private boolean read() throws IOException {
            if (!reads) {
                return isHeld();
            }
            ByteBuffer bytes = ByteBuffer.allocate(4096);
            int count = channel.read(bytes);
            said.append(new String(bytes.array(), 0, Math.max(0, count), StandardCharsets.ISO_8859_1));
            return count >= 0;
        }

        private boolean isHeld() throws IOException {
            SocketAddress own = channel.getLocalAddress();
            return open().anyMatch(endPoint -> own.equals(endPoint.getRemoteSocketAddress()));
        }

        /** Never before its time, and later by as much as this machine needs to take in what was sent. */
        private void assertEndedAfter(Phase phase) {
            int limit = (int) phase.limit().toSeconds();
            assertThat(ended).as("%s, who was told %s", phase, said).isBetween(limit, 2 * limit);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final List<Client> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }

    private Client client(int port, String beginning, String piece) throws IOException {
        clients.add(new Client(port, beginning, piece, true));
        return clients.get(clients.size() - 1);
    }

    /** Reads nothing of what it is told. */
    private Client deafClient(int port, String beginning) throws IOException, InterruptedException {
        Client client = new Client(port, beginning, "", false);
        clients.add(client);
        Instant end = Instant.now().plusSeconds(20);
        while (!client.isHeld() && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return client;
    }

    /** Until then time would pass for the request, and not for what comes after its answer. */
    private static void awaitClosing() throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (open().noneMatch(SlowConnectionIT::isClosing) && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static boolean isClosing(EndPoint endPoint) {
        return endPoint.getConnection() instanceof HttpConnection http && Phase.of(http) == Phase.CLOSING;
    }

    private static Stream<EndPoint> open() {
        return Stream.of(service, tlsService)
                .flatMap(each -> Stream.of(each.server().getConnectors()))
                .flatMap(connector -> connector.getConnectedEndPoints().stream());
    }

    private void letPassTwice(Phase phase) throws InterruptedException {
        for (int second = 1; second <= 2 * phase.limit().toSeconds(); second++) {
            for (TestService each : List.of(service, tlsService)) {
                each.ticker().advance(Duration.ofSeconds(1));
                for (Connector connector : each.server().getConnectors()) {
                    ((BoundedConnector) connector).checkDeadlines();
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
            for (Client client : clients) {
                client.second(second);
            }
        }
    }

    private static double closed(TestService service, String port, String reason) {
        return TestMetrics.of(service)
                .value("token_service_http_connections_closed_total", Map.of("port", port, "reason", reason));
    }

    private static Request verified() {
        return TestService.tokenRequest(TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/robot")
                .issue()));
    }

    @Test
    void head_thatNeverEnds_isEndedWithoutAnAnswer() throws Exception {
        int port = service.port();
        List<Client> silent = List.of(
                client(port, "", ""),
                client(port, "\r\n", "\r\n"),
                client(tlsService.tlsPort(), "", ""),
                client(tlsService.tlsPort(), CLIENT_HELLO, ""));
        List<Client> begun = List.of(
                client(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "a"),
                client(service.adminPort(), "GET /ping HTTP/1.1\r\nX: ", "a"));

        try (TestLog log = new TestLog()) {
            letPassTwice(Phase.OPENED);

            assertThat(log.of(HandshakeLog.class.getName()))
                    .extracting(TestLog::fields)
                    .allSatisfy(line -> assertThat(line).containsEntry("outcome", "timeout"))
                    .extracting(line -> line.get("reason"))
                    .containsExactlyInAnyOrder(
                            "the client sent nothing within 10 s",
                            "the client did not finish the handshake within 10 s");
        }
        silent.forEach(client -> client.assertEndedAfter(Phase.OPENED));
        begun.forEach(client -> client.assertEndedAfter(Phase.HEAD));
        assertThat(clients).allMatch(client -> client.said.isEmpty());
        assertThat(closed(service, "application", "opened")).isEqualTo(2);
        assertThat(closed(service, "application", "head")).isEqualTo(1);
        assertThat(closed(tlsService, "tls", "opened")).isEqualTo(2);
        assertThat(TestMetrics.of(tlsService).value("token_service_tls_handshakes_total", Map.of("outcome", "timeout")))
                .isEqualTo(2);
        assertThat(closed(service, "admin", "head")).isEqualTo(1);
    }

    @Test
    void body_thatNeverEnds_isAnsweredAndKeepsNobodyWaiting() throws Exception {
        int port = service.port();
        String measured = Http.head("POST /token HTTP/1.1", "Host: localhost", TYPE, "Content-Length: 1000");
        String chunked = Http.head("POST /token HTTP/1.1", "Host: localhost", TYPE, "Transfer-Encoding: chunked");
        String expecting = chunked.replace("Transfer", "Expect: 100-continue\r\nTransfer");
        client(port, measured, "a");
        client(port, chunked + "1;", "a");
        client(port, chunked + "1\r\na\r\n0\r\nX: ", "a");
        client(port, chunked, "1\r\na\r\n");
        for (int i = 0; i < 100; i++) {
            client(port, measured, "");
            client(port, expecting + "1;", "a");
        }

        assertThat(TestMetrics.of(service).value("token_service_http_threads_busy", Map.of()))
                .as("threads, where some 200 bodies are waited for")
                .isLessThan(50);
        for (int i = 0; i < 20; i++) {
            Instant asked = Instant.now();
            assertThat(service.send(verified()).status()).isEqualTo(200);
            assertThat(service.send(verified()
                                    .with("Transfer-Encoding", "chunked")
                                    .body(Integer.toHexString(FORM.length()) + "\r\n" + FORM + "\r\n0\r\n\r\n"))
                            .status())
                    .isEqualTo(200);
            assertThat(service.send(verified().header("Expect", "100-continue")).status())
                    .isEqualTo(200);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(2));
        }
        letPassTwice(Phase.BODY);

        assertThat(clients).hasSize(204).allSatisfy(client -> {
            client.assertEndedAfter(Phase.BODY);
            assertThat(client.said.toString()).contains("HTTP/1.1 400").contains("\"invalid_request\"");
        });
        assertThat(closed(service, "application", "body")).isEqualTo(204);
    }

    @Test
    void connection_idleAfterAnAnswer_isClosed() throws Exception {
        Client idle = client(service.port(), Http.head("GET / HTTP/1.1", "Host: localhost"), "");
        Client busy = client(service.port(), "", Http.head("GET / HTTP/1.1", "Host: localhost"));

        letPassTwice(Phase.IDLE);

        idle.assertEndedAfter(Phase.IDLE);
        assertThat(idle.said).contains("HTTP/1.1 307");
        assertThat(busy.ended).isEqualTo(-1);
        assertThat(closed(service, "application", "idle")).isEqualTo(1);
    }

    @Test
    void answer_nobodyReads_endsTheConnection() throws Exception {
        String requests =
                Http.head("GET /prometheus HTTP/1.1", "Host: localhost").repeat(1000);
        Client deaf = deafClient(service.adminPort(), requests);

        letPassTwice(Phase.ANSWER);

        deaf.assertEndedAfter(Phase.ANSWER);
        assertThat(closed(service, "admin", "answer")).isEqualTo(1);
    }

    /** No thread waits for them, and they cannot become more and more. */
    @Test
    @Tag("endurance")
    void answers_nobodyReads_keepNobodyElseWaiting() throws Exception {
        ServerConnector port = (ServerConnector) service.server().getConnectors()[0];
        int buffer = port.getAcceptedSendBufferSize();
        port.setAcceptedSendBufferSize(4096);
        String requests = Http.head("GET /.well-known/openid-configuration HTTP/1.1", "Host: localhost")
                .repeat(100);
        try {
            for (int i = 0; i < OpenConnections.MAX_UNREAD + 20; i++) {
                deafClient(service.port(), requests);
            }
            Eventually.within(Duration.ofSeconds(20), true, () -> closed(service, "application", "unread") >= 20);
        } finally {
            port.setAcceptedSendBufferSize(buffer);
        }

        assertThat(TestMetrics.of(service).value("token_service_http_threads_busy", Map.of()))
                .isLessThan(50);
        for (int i = 0; i < 20; i++) {
            Instant asked = Instant.now();
            assertThat(service.send(verified()).status()).isEqualTo(200);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(2));
        }
        letPassTwice(Phase.ANSWER);
        assertThat(clients).allSatisfy(client -> assertThat(client.ended).isNotNegative());
    }

    @Test
    void connection_leftOpenAfterTheLastAnswer_isClosed() throws Exception {
        String last = Http.head("GET / HTTP/1.1", "Host: localhost", "Connection: close");
        Client open = deafClient(service.port(), last);
        awaitClosing();
        double before = closed(service, "application", "closing");

        letPassTwice(Phase.CLOSING);

        open.assertEndedAfter(Phase.CLOSING);
        // Connections that other tests have left may end with it.
        assertThat(closed(service, "application", "closing")).isGreaterThan(before);
    }

    @Test
    void connections_moreThanThereMayBe_theOldestGoesAndTheNewestIsServed() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                sockets.add(Http.open(service.adminPort()));
            }
            service.ticker().advance(Duration.ofSeconds(1));

            assertThat(service.sendToAdmin(Request.get("/ping")).status()).isEqualTo(200);
            assertThat(sockets.get(0).getInputStream().read()).isEqualTo(-1);
            Eventually.within(
                    Duration.ofSeconds(5),
                    true,
                    () -> sockets.stream().filter(SlowConnectionIT::isEnded).count() >= 8);
            assertThat(closed(service, "admin", "too_many")).isGreaterThanOrEqualTo(8);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void body_nobodyWantsIt_isAnsweredWithoutItAndEndsTheConnection() throws IOException {
        for (String path : List.of("/health-check", "/nothing", "/.well-known/jwks.json")) {
            try (Socket socket = Http.open(service.port())) {
                String head =
                        Http.head("POST " + path + " HTTP/1.1", "Host: localhost", TYPE, "Content-Length: 131000");
                socket.getOutputStream().write((head + "a".repeat(50_000)).getBytes(StandardCharsets.US_ASCII));

                Response answer = Http.read(socket.getInputStream(), "POST");

                assertThat(answer.status()).isIn(404, 405);
                assertThat(answer.header("connection")).isEqualTo("close");
            }
        }
    }

    @Test
    void bodies_moreThanMayBeHeld_theOldestGoesAndOthersAreServed() {
        List<Socket> sockets = new ArrayList<>();
        try {
            String head = Http.head("POST /token HTTP/1.1", "Host: localhost", TYPE, "Content-Length: 65000");
            byte[] bytes = (head + "a".repeat(64_000)).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 400; i++) {
                Socket socket = Http.open(service.port());
                sockets.add(socket);
                socket.getOutputStream().write(bytes);
            }
            assertThat(service.send(verified()).status()).isEqualTo(200);
            assertThat(closed(service, "application", "too_much_held")).isPositive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sockets.forEach(SlowConnectionIT::close);
        }
    }

    @Test
    @Tag("endurance")
    void memory_noneLeft_endsTheProcess() throws Exception {
        try (RunningJar jar = RunningJar.start(
                folder, Map.of("SIGNING_ALGORITHM", "ES256"), List.of("-XX:MaxDirectMemorySize=20k"))) {
            client(jar.port(), Http.head("GET /health-check HTTP/1.1", "Host: localhost"), "");

            assertThat(jar.awaitEnd()).isEqualTo(3);
            assertThat(jar.log()).contains("the process exits so that its platform restarts it");
        }
    }

    @Test
    @Tag("endurance")
    void descriptors_noneLeft_theOldestGoesAndTheNewestIsServed() throws Exception {
        try (RunningJar jar = RunningJar.startWith(folder, Map.of("SIGNING_ALGORITHM", "ES256"), MAX_DESCRIPTORS)) {
            for (int i = 0; i < MAX_DESCRIPTORS; i++) {
                client(jar.port(), "", "");
            }

            assertThat(Http.send(jar.port(), verified()).status()).isEqualTo(200);
            assertThat(jar.log()).contains("closes the connections that have been longest without a complete request");
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
