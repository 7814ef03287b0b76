package dev.tokenservice.google;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a kind of call last succeeded and why it last failed, for whoever asks whether it works. Safe for many threads. */
public final class CallHistory {

    private final Clock clock;
    private volatile @Nullable Instant lastSuccess;
    private volatile @Nullable Failure lastFailure;

    /**
     * A call that failed for a reason that lies with Google or with this service, not with a client.
     *
     * @param time when it ended
     * @param reason what was wrong, for operators
     */
    public record Failure(Instant time, String reason) {}

    CallHistory(Clock clock) {
        this.clock = clock;
    }

    void succeeded() {
        lastSuccess = clock.instant();
    }

    void failed(String reason) {
        lastFailure = new Failure(clock.instant(), reason);
    }

    /** How long ago the last success was; empty before the first. */
    public Optional<Duration> ageOfLastSuccess() {
        return Optional.ofNullable(lastSuccess).map(time -> Duration.between(time, clock.instant()));
    }

    /** The last failure, unless a success came after it. */
    public Optional<Failure> unresolvedFailure() {
        Failure failure = lastFailure;
        Instant success = lastSuccess;
        return failure == null || (success != null && success.isAfter(failure.time()))
                ? Optional.empty()
                : Optional.of(failure);
    }
}
