package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A console that takes no more audit lines: requests wait for it, as none may be lost. */
class LogQueueIT {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.LOGGER);
    private static final int QUEUE = 4096;
    private static final int LINES = 2 * QUEUE + 1000;

    /** Lines that were in the queue before. */
    private static final int OTHERS = 200;

    private static final String SPIFFE_ID = "spiffe://example.org/waits-for-the-console";
    private static final Headers GOOD = TestLoadBalancer.verified(
            TestCertificates.authority("Test CA").client().uri(SPIFFE_ID).issue());

    /** Holds up whoever writes, until it is opened. */
    private static final class Console extends OutputStream {

        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final CountDownLatch opened = new CountDownLatch(1);

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int length) {
            try {
                opened.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (written) {
                written.write(bytes, start, length);
            }
        }

        String text() {
            synchronized (written) {
                return written.toString(StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void console_takesNoMore_requestsWaitAndNoLineIsLost() throws Exception {
        PrintStream before = System.out;
        Console console = new Console();
        AtomicInteger logged = new AtomicInteger();
        try (TestService service = TestService.start(Map.of("LOG_FORMAT", "text"))) {
            System.setOut(new PrintStream(console, true, StandardCharsets.UTF_8));
            CompletableFuture<Void> lines = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < LINES; i++) {
                            LOG.warn("line {} of many", i);
                            logged.incrementAndGet();
                        }
                    },
                    task -> new Thread(task).start());
            awaitAtLeast(QUEUE - OTHERS, logged);
            CompletableFuture<Response> answer =
                    CompletableFuture.supplyAsync(() -> service.token(GOOD), task -> new Thread(task).start());

            TimeUnit.MILLISECONDS.sleep(300);
            assertThat(answer).isNotDone();
            assertThat(lines).isNotDone();
            // The writer takes all that waits in one go, so that as many may be in its hands.
            assertThat(logged.get()).isBetween(QUEUE - OTHERS, 2 * QUEUE + OTHERS);

            console.opened.countDown();
            assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            lines.get(20, TimeUnit.SECONDS);
        } finally {
            console.opened.countDown();
            System.setOut(before);
        }
        assertThat(console.text().lines().filter(line -> line.contains("of many")))
                .hasSize(LINES);
        assertThat(console.text().lines().filter(line -> line.contains("token issued") && line.contains(SPIFFE_ID)))
                .hasSize(1);
    }

    private static void awaitAtLeast(int count, AtomicInteger logged) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (logged.get() < count && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
