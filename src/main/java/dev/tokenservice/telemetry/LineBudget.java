package dev.tokenservice.telemetry;

import java.time.Clock;
import java.util.OptionalLong;

/**
 * Keeps a kind of log line that an outsider can cause from filling the log: at most ten in a second. Safe for use by many
 * threads.
 */
public final class LineBudget {

    private static final int LINES_PER_SECOND = 10;

    private final Clock clock;
    private long second = Long.MIN_VALUE;
    private int written;
    private long suppressed;

    public LineBudget(Clock clock) {
        this.clock = clock;
    }

    /** Returns how many lines were left out before the one that may be written now; nothing if it is left out, too. */
    public synchronized OptionalLong take() {
        long now = clock.instant().getEpochSecond();
        if (now != second) {
            second = now;
            written = 0;
        }
        if (written == LINES_PER_SECOND) {
            suppressed++;
            return OptionalLong.empty();
        }
        written++;
        long before = suppressed;
        suppressed = 0;
        return OptionalLong.of(before);
    }
}
