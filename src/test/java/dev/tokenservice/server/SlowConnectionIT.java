package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestMonitored;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that never come to an end, each in a way of its own, and are kept alive by a byte now and then. */
class SlowConnectionIT {

    private static final String FORM = "grant_type=client_credentials";
    private static final String TYPE = "Content-Type: application/x-www-form-urlencoded";
    private static final String CLIENT_HELLO = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000";

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

    /** Sends the beginning, and then a piece each second, until the server ends it; returns what it said. */
    private static CompletableFuture<String> drip(int port, String beginning, String piece) {
        CompletableFuture<String> said = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (Socket socket = Http.open(port)) {
                socket.setSoTimeout(1000);
                socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
                said.complete(untilTheEnd(socket, piece.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (IOException e) {
                said.complete("");
            }
        });
        thread.setDaemon(true);
        thread.start();
        return said;
    }

    private static String untilTheEnd(Socket socket, byte[] piece) {
        StringBuilder said = new StringBuilder();
        while (true) {
            try {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    return said.toString();
                }
                said.append((char) read);
            } catch (SocketTimeoutException e) {
                try {
                    socket.getOutputStream().write(piece);
                } catch (IOException closed) {
                    return said.toString();
                }
            } catch (IOException e) {
                return said.toString();
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
    void connection_thatNeverEnds_isEndedAndKeepsNobodyWaiting() throws Exception {
        int port = service.port();
        String chunked = Http.head("POST /token HTTP/1.1", "Host: localhost", TYPE, "Transfer-Encoding: chunked");
        String expecting = chunked.replace("Transfer", "Expect: 100-continue\r\nTransfer");
        List<CompletableFuture<String>> silent = new ArrayList<>(List.of(
                drip(port, "", ""),
                drip(port, "\r\n", "\r\n"),
                drip(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "a"),
                drip(tlsService.tlsPort(), CLIENT_HELLO, ""),
                drip(service.adminPort(), "GET /ping HTTP/1.1\r\nX: ", "a")));
        List<CompletableFuture<String>> answered = new ArrayList<>(List.of(
                drip(port, chunked + "1;", "a"),
                drip(port, chunked + "1\r\na\r\n0\r\nX: ", "a"),
                drip(port, chunked, "1\r\na\r\n")));
        IntStream.range(0, 100).forEach(i -> answered.add(drip(port, expecting + "1;", "a")));

        for (int i = 0; i < 20; i++) {
            assertThat(service.send(verified()).status()).isEqualTo(200);
            assertThat(service.send(verified()
                                    .with("Transfer-Encoding", "chunked")
                                    .body(Integer.toHexString(FORM.length()) + "\r\n" + FORM + "\r\n0\r\n\r\n"))
                            .status())
                    .isEqualTo(200);
            assertThat(service.send(verified().header("Expect", "100-continue")).status())
                    .isEqualTo(200);
        }
        for (CompletableFuture<String> said : silent) {
            assertThat(said.get(20, TimeUnit.SECONDS)).isEmpty();
        }
        for (CompletableFuture<String> said : answered) {
            assertThat(said.get(40, TimeUnit.SECONDS)).contains("HTTP/1.1 400").contains("\"invalid_request\"");
        }
        assertThat(closed(service, "application", "opened")).isEqualTo(2);
        assertThat(closed(service, "application", "head")).isEqualTo(1);
        assertThat(closed(service, "application", "body")).isEqualTo(103);
        assertThat(closed(tlsService, "tls", "opened")).isEqualTo(1);
        assertThat(closed(service, "admin", "head")).isEqualTo(1);
    }

    @Test
    void connections_moreThanThereMayBe_theOldestGoesAndTheNewestIsServed() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                sockets.add(Http.open(service.adminPort()));
            }

            assertThat(service.sendToAdmin(Request.get("/ping")).status()).isEqualTo(200);
            assertThat(sockets.get(0).getInputStream().read()).isEqualTo(-1);
            assertThat(closed(service, "admin", "too_many")).isGreaterThanOrEqualTo(8);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
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
    void memory_noneLeft_endsTheProcess() throws Exception {
        try (RunningJar jar = RunningJar.start(
                folder, Map.of("SIGNING_ALGORITHM", "ES256"), List.of("-XX:MaxDirectMemorySize=20k"))) {
            CompletableFuture<String> said =
                    drip(jar.port(), Http.head("GET /health-check HTTP/1.1", "Host: localhost"), "");

            assertThat(said.get(20, TimeUnit.SECONDS)).isEmpty();
            assertThat(jar.awaitEnd()).isEqualTo(3);
            assertThat(jar.log()).contains("the process ends so that its platform restarts it");
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
