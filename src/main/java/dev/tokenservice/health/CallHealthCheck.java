package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck;
import dev.tokenservice.google.CallHistory;
import dev.tokenservice.google.CallHistory.Failures;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells how the last calls of a kind went. A probe reads what is known already and costs no call.
 *
 * <p>One failure is not enough: every replica meets the same hiccup of Google's at the same time, and were all of them to go
 * out of service for it, nobody would serve the discovery document and the keys, either, which relying parties need for
 * tokens that they hold already.
 */
abstract class CallHealthCheck extends HealthCheck {

    /** Longer than a request is repeated for: what clients hardly notice is none of the load balancer's business. */
    static final Duration TOLERATED = Duration.ofSeconds(15);

    /** Where few calls are made one failure may stand alone for a long time. */
    static final int TOLERATED_FAILURES = 2;

    private final CallHistory history;

    CallHealthCheck(CallHistory history) {
        this.history = history;
    }

    /** What to say before the first success. */
    abstract Result beforeFirstSuccess();

    @Override
    protected final Result check() {
        Optional<Duration> age = history.ageOfLastSuccess();
        Optional<Failures> failures = history.failures();
        String success = "last success: "
                + age.map(duration -> duration.toSeconds() + " s ago").orElse("never");
        if (failures.isEmpty()) {
            return age.isEmpty() ? beforeFirstSuccess() : Result.healthy(success);
        }
        String report = "%d in a row failed since %s, the last one: %s; %s"
                .formatted(
                        failures.get().count(),
                        failures.get().since(),
                        failures.get().reason(),
                        success);
        boolean healthy = isTolerable(failures.get())
                && (age.isPresent() || beforeFirstSuccess().isHealthy());
        return healthy ? Result.healthy("%s", report) : Result.unhealthy("%s", report);
    }

    private boolean isTolerable(Failures failures) {
        return failures.count() <= TOLERATED_FAILURES || history.failingFor().compareTo(TOLERATED) < 0;
    }
}
