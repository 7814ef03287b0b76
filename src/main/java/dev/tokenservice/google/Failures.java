package dev.tokenservice.google;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Failures without a success between them, for reasons that lie with Google or with this service, not with a client.
 *
 * @param since when the first of them ended
 * @param count how many there are
 * @param reason what was wrong with the last one, for operators
 */
public record Failures(Instant since, int count, String reason) {

    static Failures after(@Nullable Failures earlier, Instant now, String reason) {
        return earlier == null
                ? new Failures(now, 1, reason)
                : new Failures(earlier.since(), earlier.count() + 1, reason);
    }
}
