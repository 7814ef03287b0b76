package dev.tokenservice.google;

import com.codahale.metrics.health.HealthCheck.Result;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells how the last calls of a kind went. A probe reads what is known already and costs no call.
 *
 * <p>One failure is not enough: every replica meets the same hiccup of Google's at the same time, and were all of them to go
 * out of service for it, nobody would serve the discovery document and the keys, either, which relying parties need for
 * tokens that they hold already.
 */
public final class CallHealth {

    /** Longer than the retries of a request, so that short failures do not change readiness. */
    static final Duration TOLERATED = Duration.ofSeconds(15);

    /** With few calls, a single failure can stay the last result for a long time. */
    static final int TOLERATED_FAILURES = 2;

    private final CallHistory history;
    private final Result beforeFirstSuccess;

    private CallHealth(CallHistory history, Result beforeFirstSuccess) {
        this.history = history;
        this.beforeFirstSuccess = beforeFirstSuccess;
    }

    /** Returns whether the IAM Credentials API signs: unhealthy until it has, as every token needs it. */
    public static CallHealth ofSigning(CallHistory history) {
        return new CallHealth(history, Result.unhealthy("nothing was signed yet"));
    }

    /**
     * Returns whether STS exchanges tokens. Nothing but a client's request makes an exchange, so that before the first one
     * nothing is known, which is not held against the service.
     */
    public static CallHealth ofExchange(CallHistory history) {
        return new CallHealth(history, Result.healthy("no token was exchanged yet"));
    }

    public Result look() {
        Optional<Duration> age = history.ageOfLastSuccess();
        Optional<Failures> failures = history.failures();
        String success = "last success: "
                + age.map(duration -> duration.toSeconds() + " s ago").orElse("never");
        if (failures.isEmpty()) {
            return age.isEmpty() ? beforeFirstSuccess : Result.healthy(success);
        }
        String report = "%d calls in a row failed since %s, the last one: %s; %s"
                .formatted(
                        failures.get().count(),
                        failures.get().since(),
                        failures.get().reason(),
                        success);
        boolean healthy = isTolerable(failures.get()) && (age.isPresent() || beforeFirstSuccess.isHealthy());
        return healthy ? Result.healthy("%s", report) : Result.unhealthy("%s", report);
    }

    private boolean isTolerable(Failures failures) {
        return failures.count() <= TOLERATED_FAILURES || history.failingFor().compareTo(TOLERATED) < 0;
    }
}
