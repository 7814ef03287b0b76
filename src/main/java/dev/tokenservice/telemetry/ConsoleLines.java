package dev.tokenservice.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes lines to standard output in a thread of its own. Under load many of them share one wake-up of the thread and one
 * write: a wake-up and a write for each line cost more than to compose it. Where the console takes no more, the logging thread
 * waits: no line is dropped.
 */
final class ConsoleLines extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private static final int QUEUE_SIZE = 4096;
    private static final int MAX_LINES_AT_ONCE = 256;

    /** Nobody who follows the log notices it. */
    private static final Duration GATHER = Duration.ofMillis(5);

    private static final Duration LOOK = Duration.ofMillis(10);

    private final Layout<ILoggingEvent> layout;
    private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(QUEUE_SIZE);
    private final AtomicInteger notWritten = new AtomicInteger();
    private final Thread writer = new Thread(this::writeAll, "console");

    /** Takes what a line looks like. */
    ConsoleLines(Layout<ILoggingEvent> layout) {
        this.layout = layout;
        setName("console");
    }

    @Override
    public void start() {
        super.start();
        writer.setDaemon(true);
        writer.start();
    }

    /** Ends the thread once it has written what there is, or cannot for a moment. */
    @Override
    public void stop() {
        if (isStarted()) {
            super.stop();
            writer.interrupt();
        }
    }

    /** Waits until every line is written, for a limited time. */
    void flush(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (notWritten.get() > 0 && writer.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        notWritten.incrementAndGet();
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(event);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        List<ILoggingEvent> lines = new ArrayList<>(MAX_LINES_AT_ONCE);
        while (isStarted() || !queue.isEmpty()) {
            try {
                lines.add(queue.take());
            } catch (InterruptedException e) {
                continue;
            }
            LockSupport.parkNanos(GATHER.toNanos());
            queue.drainTo(lines, MAX_LINES_AT_ONCE - 1);
            write(lines);
            notWritten.addAndGet(-lines.size());
            lines.clear();
        }
    }

    private void write(List<ILoggingEvent> lines) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1024 * lines.size());
        for (ILoggingEvent line : lines) {
            try {
                text.writeBytes(layout.doLayout(line).getBytes(StandardCharsets.UTF_8));
            } catch (RuntimeException e) {
                addError("a line cannot be composed", e);
            }
        }
        System.out.write(text.toByteArray(), 0, text.size());
        System.out.flush();
    }
}
