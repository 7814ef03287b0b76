package dev.tokenservice.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process that has run out of memory, of whatever kind, or of threads. The JVM does so itself where the heap is
 * full and it was told to; an allocation outside the heap that fails is an error like any other to it, and a server that
 * catches every error would go on, answering nobody, until a person looks.
 */
public final class Exhaustion {

    /** The status that the JVM itself ends with, with {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int STATUS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Exhaustion.class);

    private static final String LAST_WORDS = "the process exits so that its platform restarts it: ";

    /** Made while there is memory for it. */
    private static final byte[] WITHOUT_MEMORY =
            (LAST_WORDS + "no memory is left\n").getBytes(StandardCharsets.US_ASCII);

    private Exhaustion() {}

    /** Ends the process when a thread ends for a lack of memory: without the flag, the JVM goes on without the thread. */
    public static void watchThreads() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            endIfCausedBy(failure);
            LOG.error("the thread {} ended", thread.getName(), failure);
        });
    }

    /** Ends the process if this failure is, or comes from, a lack of memory or threads. */
    public static void endIfCausedBy(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                endProcess(String.valueOf(cause.getMessage()));
            }
        }
    }

    /**
     * Ends the process, without any step more than a line that says why. There may be no memory for it, and the console may be what
     * everybody waits for: it has a second.
     */
    public static void endProcess(String reason) {
        try {
            startClock();
            write(reason);
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    private static void write(String reason) {
        try {
            System.err.println(LAST_WORDS + reason);
        } catch (OutOfMemoryError e) {
            System.err.write(WITHOUT_MEMORY, 0, WITHOUT_MEMORY.length);
            System.err.flush();
        }
    }

    private static void startClock() {
        try {
            Thread clock = new Thread(Exhaustion::endAfterASecond, "end");
            clock.setDaemon(true);
            clock.start();
        } catch (OutOfMemoryError | LinkageError e) {
            // The line is written without a limit.
        }
    }

    private static void endAfterASecond() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(STATUS);
    }
}
