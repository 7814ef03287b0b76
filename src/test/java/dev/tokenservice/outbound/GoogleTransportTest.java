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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GoogleTransportTest {

    private final TestGoogle test = new TestGoogle();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void exchange_certificateOfAnUnknownAuthority_refused() {
        try (GoogleTransport other = new GoogleTransport(
                TestGoogle.IMPATIENT, TestTls.authority("Other").clientContext())) {
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

    @Test
    void resolve_unknownHost_named() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        BoundedDnsResolver resolver = new BoundedDnsResolver(executor, Duration.ofSeconds(5));

        assertThatThrownBy(() -> resolver.resolve("no-such-host.invalid"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no-such-host.invalid");
        executor.shutdown();
    }

    @Test
    void resolve_lookupThatHangs_endedInTime() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CountDownLatch hang = new CountDownLatch(1);
        executor.execute(() -> await(hang));
        BoundedDnsResolver resolver = new BoundedDnsResolver(executor, Duration.ofMillis(50));

        assertThatThrownBy(() -> resolver.resolve("localhost")).hasMessageContaining("no answer within 50 ms");
        hang.countDown();
        executor.shutdown();
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
