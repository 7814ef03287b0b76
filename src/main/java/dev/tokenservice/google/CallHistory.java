package dev.tokenservice.google;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a kind of call last succeeded, and why it has failed since. Safe for many threads. */
public final class CallHistory {

    private final Clock clock;
    private volatile State state = new State(null, null);

    private record State(
            @Nullable Instant lastSuccess, @Nullable Failures failures) {}

    CallHistory(Clock clock) {
        this.clock = clock;
    }

    synchronized void succeeded() {
        state = new State(clock.instant(), null);
    }

    synchronized void failed(String reason) {
        state = new State(state.lastSuccess(), Failures.after(state.failures(), clock.instant(), reason));
    }

    /** Returns how long ago the last success was; empty before the first. */
    public Optional<Duration> ageOfLastSuccess() {
        return Optional.ofNullable(state.lastSuccess()).map(this::age);
    }

    public Optional<Failures> failures() {
        return Optional.ofNullable(state.failures());
    }

    /** Returns how long calls have failed without a success between them; zero where the last one succeeded. */
    public Duration failingFor() {
        return failures().map(failures -> age(failures.since())).orElse(Duration.ZERO);
    }

    private Duration age(Instant time) {
        return Duration.between(time, clock.instant());
    }
}
