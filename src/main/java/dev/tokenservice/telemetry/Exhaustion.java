package dev.tokenservice.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Ends a process that has run out of memory, of whatever kind, or of threads. The JVM does so itself where the heap is
 * full and it was told to; an allocation outside the heap that fails is an error like any other to it, and a server that
 * catches every error would go on, answering nobody, until a person looks.
 */
public final class Exhaustion {

    /** The status that the JVM itself ends with, with {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int STATUS = 3;

    private Exhaustion() {}

    /** Ends the process if this failure is, or comes from, a lack of memory or threads. */
    public static void endIfCausedBy(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                endProcess(String.valueOf(cause.getMessage()));
            }
        }
    }

    /** Ends the process without any further step, as each could need what there is no more of. */
    public static void endProcess(String reason) {
        System.err.println("the process ends so that its platform restarts it: " + reason);
        Runtime.getRuntime().halt(STATUS);
    }
}
