package dev.tokenservice.google;

import com.codahale.metrics.health.HealthCheck.Result;
import java.time.Duration;
import java.util.Optional;

/**
 * The health of one kind of calls to Google APIs, from what is known already: a probe costs no call.
 *
 * <p>One failure does not take a replica out of service: all replicas meet the same hiccup, and then nobody would serve the
 * keys that relying parties need for tokens which they hold already.
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

    /** Returns whether STS exchanges tokens: healthy until a client's request makes the first exchange. */
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
        String report = "%s in a row failed since %s, the last one: %s; %s"
                .formatted(
                        failures.get().count() == 1 ? "1 call" : failures.get().count() + " calls",
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
