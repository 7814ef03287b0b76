package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck;
import dev.tokenservice.google.CallHistory;
import dev.tokenservice.google.CallHistory.Failure;
import java.time.Duration;
import java.util.Optional;

/** Tells how the last call of a kind went. A probe reads what is known already and costs no call. */
abstract class CallHealthCheck extends HealthCheck {

    private final CallHistory history;

    CallHealthCheck(CallHistory history) {
        this.history = history;
    }

    /** What to say before the first call. */
    abstract Result beforeFirstCall();

    @Override
    protected final Result check() {
        Optional<Duration> age = history.ageOfLastSuccess();
        Optional<Failure> failure = history.unresolvedFailure();
        if (failure.isPresent()) {
            return Result.unhealthy(
                    "%s since %s; last success: %s",
                    failure.get().reason(), failure.get().time(), text(age));
        }
        return age.isEmpty() ? beforeFirstCall() : Result.healthy("last success: " + text(age));
    }

    private static String text(Optional<Duration> age) {
        return age.map(duration -> duration.toSeconds() + " s ago").orElse("never");
    }
}
