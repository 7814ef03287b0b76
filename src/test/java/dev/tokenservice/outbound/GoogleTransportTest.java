package dev.tokenservice.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpTransport;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.Fault;
import dev.tokenservice.google.TestGoogle;
import dev.tokenservice.google.TestTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoogleTransportTest {

    private final TestGoogle test = new TestGoogle();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void exchange_certificateOfAnUnknownAuthority_refused() {
        try (GoogleTransport other = new GoogleTransport(
                TestGoogle.IMPATIENT, TestTls.authority("Other").clientContext(), reason -> {})) {
            assertThatThrownBy(() -> get(other, test.google.url() + "/jwk/x")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void exchange_certificateOfAnotherHost_refused() {
        // The certificate names localhost and 127.0.0.1.
        assertThatThrownBy(() -> get(test.transport, test.google.url().replace("localhost", "127.0.0.2") + "/jwk/x"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void exchange_peerNeverFinishesTheTlsHandshake_endedInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Instant start = Instant.now();

            assertThatThrownBy(() -> get(test.transport, "https://localhost:" + silent.getLocalPort() + "/"))
                    .isInstanceOf(IOException.class);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void exchange_trickleWithoutADeadlineOfTheCaller_endedByTheTotal() {
        test.google.fail(Call.JWKS, Fault.TRICKLE);
        Instant start = Instant.now();

        assertThatThrownBy(() -> get(test.transport, test.google.url() + "/jwk/x"))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(1900), Duration.ofMillis(4900));
    }

    /** Also where the bytes are those of a proper answer, and follow in the same segment or a moment later. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void exchange_bytesAfterTheAnswer_areNeverTheNextAnswer(boolean tls, boolean atOnce) throws Exception {
        TestTls certificates = test.google.certificates();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = tls
                ? certificates
                        .serverContext(certificates.server("localhost"))
                        .getServerSocketFactory()
                        .createServerSocket(0, 16, loopback)
                : new ServerSocket(0, 16, loopback)) {
            String url = (tls ? "https" : "http") + "://localhost:" + server.getLocalPort() + "/";
            CompletableFuture<Void> forged = CompletableFuture.runAsync(() -> answerTwice(server, atOnce));

            assertThat(text(url)).isEqualTo("first");
            forged.get(5, TimeUnit.SECONDS);
            CompletableFuture<Void> proper = CompletableFuture.runAsync(() -> answer(server, "second"));

            assertThat(textAfterRefusals(url)).isEqualTo("second");
            proper.get(5, TimeUnit.SECONDS);
        }
    }

    private String textAfterRefusals(String url) throws IOException {
        try {
            return text(url);
        } catch (RefusedAnswerException e) {
            return text(url);
        }
    }

    private String text(String url) throws IOException {
        return test.transport
                .http()
                .createRequestFactory()
                .buildGetRequest(new GenericUrl(url))
                .execute()
                .parseAsString();
    }

    private static void answerTwice(ServerSocket server, boolean atOnce) {
        try {
            Socket client = server.accept();
            client.getInputStream().read(new byte[4096]);
            String forged = http("forged");
            client.getOutputStream()
                    .write(http("first").concat(atOnce ? forged : "").getBytes(StandardCharsets.US_ASCII));
            if (!atOnce) {
                Thread.sleep(50);
                client.getOutputStream().write(forged.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(ServerSocket server, String text) {
        try (Socket client = server.accept()) {
            client.getInputStream().read(new byte[4096]);
            client.getOutputStream().write(http(text).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String http(String text) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    @Test
    void connection_isUsedAgainForItsTimeOnly() throws Exception {
        String url = test.google.url() + "/jwk/x";
        int before = test.google.connections();
        try (GoogleTransport lasting = withConnectionsFor(Duration.ofMinutes(3));
                GoogleTransport fleeting = withConnectionsFor(Duration.ofMillis(50))) {
            get(lasting, url);
            TimeUnit.MILLISECONDS.sleep(100);
            get(lasting, url);
            assertThat(test.google.connections()).isEqualTo(before + 1);

            get(fleeting, url);
            TimeUnit.MILLISECONDS.sleep(100);
            get(fleeting, url);
            assertThat(test.google.connections()).isEqualTo(before + 3);
        }
    }

    private GoogleTransport withConnectionsFor(Duration time) {
        return new GoogleTransport(
                GoogleTransport.Limits.DEFAULT, test.google.certificates().clientContext(), reason -> {}, time);
    }

    @Test
    void resolve_unknownHost_named() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        BoundedDnsResolver resolver =
                new BoundedDnsResolver(executor, Duration.ofSeconds(5), SystemDefaultDnsResolver.INSTANCE);

        assertThatThrownBy(() -> resolver.resolve("no-such-host.invalid"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no-such-host.invalid");
        executor.shutdown();
    }

    /** A name server that never answers: each lookup in time, one beyond the queue immediately, and afterwards the right address. */
    @Test
    void resolve_moreLookupsThanMayWait_refusedImmediatelyUntilThereIsRoom() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        ThreadPoolExecutor executor = GoogleTransport.lookups();
        DnsResolver hanging = new SystemDefaultDnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                begun.incrementAndGet();
                awaitUninterruptibly(hang);
                return super.resolve(host);
            }
        };
        for (int i = 0; i < 16; i++) {
            executor.execute(() -> awaitUninterruptibly(hang));
        }
        BoundedDnsResolver hasty = new BoundedDnsResolver(executor, Duration.ofMillis(1), hanging);
        for (int i = 0; i < 1024; i++) {
            assertThatThrownBy(() -> hasty.resolve("localhost")).hasMessageContaining("no answer within 1 ms");
        }
        BoundedDnsResolver patient = new BoundedDnsResolver(executor, Duration.ofMinutes(1), hanging);

        assertThatThrownBy(() -> patient.resolve("localhost")).hasMessageContaining("too many lookups are queued");
        assertThat(executor.getPoolSize()).isEqualTo(16);
        assertThat(executor.getQueue()).hasSize(1024);

        hang.countDown();
        assertThat(resolvedOnceThereIsRoom(patient)).isNotEmpty();
        assertThat(begun).as("lookups that somebody waited for").hasValue(1);
        executor.shutdown();
    }

    private static InetAddress[] resolvedOnceThereIsRoom(BoundedDnsResolver resolver) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try {
                return resolver.resolve("localhost");
            } catch (UnknownHostException e) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        throw new AssertionError("no room in 10 s");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // As the name lookup of the system, which nothing interrupts.
            }
        }
    }

    @Test
    void messageLogger_levelLowered_saysNothing() {
        Logger logger = Logger.getLogger(HttpTransport.class.getName());
        Level before = logger.getLevel();
        logger.setLevel(Level.ALL);
        try {
            assertThat(logger.getFilter().isLoggable(new java.util.logging.LogRecord(Level.CONFIG, "bearer")))
                    .isFalse();
        } finally {
            logger.setLevel(before);
        }
    }

    private static void get(GoogleTransport transport, String url) throws IOException {
        transport
                .http()
                .createRequestFactory()
                .buildGetRequest(new GenericUrl(url))
                .execute()
                .disconnect();
    }
}
