package dev.tokenservice.google;

import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.outbound.Deadline;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/** A failure as the retries see it: together with the time that is left. */
final class FailedAttempt extends RuntimeException {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final double BACKOFF_FACTOR = 2;
    private static final double JITTER = 0.5;

    /** With less time left another attempt would only delay the answer. */
    private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(200);

    private static final IntervalFunction BACKOFF =
            IntervalFunction.ofExponentialRandomBackoff(FIRST_BACKOFF, BACKOFF_FACTOR, JITTER);

    private final transient Refusal refusal;
    private final boolean worthAnother;
    private final transient Duration askedDelay;
    private final transient Deadline deadline;

    /**
     * Keeps what the retries look at.
     *
     * @param worthAnother whether the same call may succeed a moment later
     * @param askedDelay how long Google wants to be left alone
     */
    FailedAttempt(Refusal refusal, boolean worthAnother, Duration askedDelay, Deadline deadline) {
        super(refusal.description(), refusal.cause().orElse(null), false, false);
        this.refusal = refusal;
        this.worthAnother = worthAnother;
        this.askedDelay = askedDelay;
        this.deadline = deadline;
    }

    Refusal refusal() {
        return refusal;
    }

    boolean isWorthAnother() {
        return worthAnother && askedDelay.plus(SHORTEST_ATTEMPT).compareTo(deadline.remaining()) < 0;
    }

    /** Milliseconds until the next attempt: what Google asked for, if that is longer than the backoff. */
    long delay(int attempt) {
        long backoff = Math.max(BACKOFF.apply(attempt), askedDelay.toMillis());
        return Math.max(
                0,
                Math.min(backoff, deadline.remaining().minus(SHORTEST_ATTEMPT).toMillis()));
    }
}
