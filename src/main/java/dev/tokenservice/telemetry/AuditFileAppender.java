package dev.tokenservice.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes audit lines to a second place, in a thread of its own. No request waits for it: the console has every line. What does
 * not get to the file is counted, and told once a minute.
 */
public final class AuditFileAppender extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(AuditFileAppender.class);
    private static final int QUEUE_SIZE = 10_000;
    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** How long a stop waits for the lines that are queued. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String file;
    private final LineSink sink;
    private final Layout<ILoggingEvent> layout;
    private final ServiceMetrics metrics;
    private final LongSupplier nanoTime;
    private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(QUEUE_SIZE);
    private final AtomicLong notReported = new AtomicLong();
    private final Thread writer = new Thread(this::writeAll, "audit-file");
    private volatile boolean closing;
    private volatile String problem = "";
    private @Nullable Long lastReport;

    /**
     * Takes where lines go.
     *
     * @param file its name, for the log
     * @param nanoTime nanoseconds from any moment on
     */
    AuditFileAppender(
            String file, LineSink sink, Layout<ILoggingEvent> layout, ServiceMetrics metrics, LongSupplier nanoTime) {
        this.file = file;
        this.sink = sink;
        this.layout = layout;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        setName("audit-file");
    }

    /** Gets every audit line from now on. */
    void attach() {
        Logger audit = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(AuditLog.LOGGER);
        setContext(audit.getLoggerContext());
        start();
        writer.setDaemon(true);
        writer.start();
        audit.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        if (closing || !queue.offer(event)) {
            drop(AuditDrop.QUEUE, QUEUE_SIZE + " lines wait for the file");
        }
    }

    private void drop(AuditDrop reason, String why) {
        metrics.auditLineDropped(reason);
        problem = why;
        notReported.incrementAndGet();
    }

    private void writeAll() {
        try {
            while (!closing || !queue.isEmpty()) {
                ILoggingEvent event = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    write(event);
                }
                report();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(ILoggingEvent event) {
        try {
            sink.write(layout.doLayout(event).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            drop(AuditDrop.WRITE, String.valueOf(e.getMessage()));
        }
    }

    /** Reports the first loss immediately, so that an operator does not wait a minute to learn of a full disk. */
    private void report() {
        long now = nanoTime.getAsLong();
        if (notReported.get() == 0 || (lastReport != null && now - lastReport < BETWEEN_REPORTS.toNanos())) {
            return;
        }
        lastReport = now;
        new LogLine(LOG.atError())
                .with("file", file)
                .with("lines", notReported.getAndSet(0))
                .with("reason", problem)
                .write("audit lines are missing in AUDIT_FILE; standard output has them");
    }

    @Override
    public void close() throws IOException {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(AuditLog.LOGGER)
                .detachAppender(this);
        closing = true;
        try {
            writer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (int left = queue.size(); left > 0; left--) {
            drop(AuditDrop.WRITE, "they were not written before the shutdown");
        }
        lastReport = null;
        report();
        stop();
        if (!writer.isAlive()) {
            sink.close();
        }
    }
}
