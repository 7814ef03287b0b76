package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestTicker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of audit lines where their file is slow or full. */
class AuditFileAppenderTest {

    private static final int QUEUE = 10_000;
    private static final Logger AUDIT = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);

    /** A file system that a test holds up, or fills. */
    private static final class FakeSink implements LineSink {

        private final List<String> written = new CopyOnWriteArrayList<>();
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile CountDownLatch open = new CountDownLatch(0);
        private volatile boolean full;
        private volatile boolean closed;

        @Override
        public void write(byte[] line) throws IOException {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (full) {
                throw new IOException("No space left on device");
            }
            written.add(new String(line, StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Messages extends LayoutBase<ILoggingEvent> {
        @Override
        public String doLayout(ILoggingEvent event) {
            return event.getFormattedMessage();
        }
    }

    private final FakeSink sink = new FakeSink();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final TestTicker ticker = new TestTicker();
    private final AuditFileAppender appender =
            new AuditFileAppender("/var/log/audit.log", sink, new Messages(), metrics, ticker);
    private final TestLog log = new TestLog();

    @BeforeEach
    void attach() {
        AUDIT.setLevel(Level.INFO);
        appender.attach();
    }

    @AfterEach
    void close() throws IOException {
        sink.open.countDown();
        appender.close();
        log.close();
        AUDIT.setLevel(null);
    }

    private static void write(int from, int to) {
        for (int i = from; i < to; i++) {
            AUDIT.info("line {}", i);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(10);
        while (!condition.getAsBoolean() && Instant.now().isBefore(end)) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private double dropped(String reason) {
        return Objects.requireNonNull(
                metrics.counts().get("token_service_audit_file_lines_dropped_total{reason=" + reason + "}"));
    }

    private List<Map<String, String>> reports() {
        return log.of(AuditFileAppender.class.getName()).stream()
                .map(TestLog::fields)
                .toList();
    }

    @Test
    void lines_areWrittenInOrder() throws Exception {
        write(0, 1000);
        await(() -> sink.written.size() == 1000);

        assertThat(sink.written).startsWith("line 0", "line 1").endsWith("line 999");
        assertThat(dropped("queue") + dropped("write")).isZero();
        assertThat(reports()).isEmpty();
    }

    @Test
    void file_thatIsSlow_holdsUpNobodyAndLosesWhatDoesNotFit() throws Exception {
        sink.open = new CountDownLatch(1);
        write(0, 1);
        sink.reached.await();

        write(1, QUEUE + 1 + 5);

        assertThat(dropped("queue")).isEqualTo(5);
        sink.open.countDown();
        await(() -> sink.written.size() == QUEUE + 1);
        await(() -> reports().size() == 1);
        assertThat(reports().get(0))
                .containsEntry("file", "/var/log/audit.log")
                .containsEntry("lines", "5")
                .containsEntry("reason", "10000 lines wait for the file");
    }

    @Test
    void disk_thatIsFull_isToldOnceAMinuteUntilItIsNot() throws Exception {
        sink.full = true;
        write(0, 1);
        await(() -> reports().size() == 1);
        write(1, 10);
        await(() -> dropped("write") == 10);
        Thread.sleep(300);
        assertThat(reports()).hasSize(1);

        ticker.advance(Duration.ofMinutes(1));
        await(() -> reports().size() == 2);
        assertThat(reports())
                .extracting(line -> line.get("lines") + " " + line.get("reason"))
                .containsExactly("1 No space left on device", "9 No space left on device");

        sink.full = false;
        write(10, 12);
        await(() -> sink.written.size() == 2);
        assertThat(sink.written).containsExactly("line 10", "line 11");
        ticker.advance(Duration.ofMinutes(1));
        Thread.sleep(300);
        assertThat(reports()).hasSize(2);
    }

    @Test
    void stop_writesWhatIsQueued() throws Exception {
        sink.open = new CountDownLatch(1);
        write(0, 500);
        sink.reached.await();
        Thread opener = new Thread(() -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sink.open.countDown();
        });
        opener.start();

        appender.close();

        assertThat(sink.written).hasSize(500);
        assertThat(sink.closed).isTrue();
    }
}
