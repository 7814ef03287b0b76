package dev.tokenservice.outbound;

import java.time.Duration;

/**
 * The moment at which an answer must be there, whatever is still in flight. Made once for a token request and given to
 * every call to a Google API that the request needs, so that their retries share one budget.
 *
 * <p>It is measured with the monotonic clock of the machine: setting the wall clock neither prolongs nor shortens it.
 */
public final class Deadline {

    /**
     * What all calls of one token request may take together: the whole answer is promised within 10 seconds, and the two
     * between are for everything that is not Google, on a machine that is busy with other requests that wait.
     */
    public static final Duration OF_A_REQUEST = Duration.ofSeconds(8);

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    public static Deadline after(Duration budget) {
        return new Deadline(System.nanoTime() + budget.toNanos());
    }

    /** Returns the time that is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }
}
