package dev.tokenservice.api;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.Limit;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts the refusals of each client certificate, so that a machine which repeats a mistake cannot fill the log. Beyond the
 * limit a refusal becomes 429, and the log has a line when that begins and one at the end of each minute, which says how many
 * refusals it stands for. Only refusals are counted and limited: a request that would get a token always gets it. Safe for use
 * by many threads.
 */
public final class RefusalLimit implements AutoCloseable {

    private static final int TOO_MANY_REQUESTS = 429;

    private final int limit;
    private final AuditLog audit;
    private final ServiceMetrics metrics;
    private final RefusalCounts counts;

    /**
     * @param limit refusals a minute and certificate; 0 for no limit
     * @param nanoTime nanoseconds from any moment on
     */
    public RefusalLimit(int limit, LongSupplier nanoTime, AuditLog audit, ServiceMetrics metrics) {
        this.limit = limit;
        this.audit = audit;
        this.metrics = metrics;
        this.counts = new RefusalCounts(limit, nanoTime, metrics::refusalNotCounted);
    }

    /**
     * Counts a refusal of a client whose certificate was verified.
     *
     * @return what to refuse the request with instead, which the audit has already; nothing within the limit
     */
    Optional<Refusal> exceeded(Refusal refusal, AuditTrail trail) {
        Optional<RefusalCounts.Excess> excess = trail.fingerprint()
                .filter(fingerprint -> limit > 0)
                .flatMap(fingerprint -> counts.count(fingerprint, trail));
        if (excess.isEmpty()) {
            return Optional.empty();
        }
        metrics.limitHit(Limit.REFUSALS);
        Refusal instead = tooMany()
                .retryAfter(roundedUp(excess.get().untilOver()))
                .detail("this request: " + refusal.reason().code() + ", " + refusal.description())
                .build();
        if (excess.get().hasOwnLine()) {
            audit.refused(trail, instead, 1);
        }
        return Optional.of(instead);
    }

    private Refusal.Builder tooMany() {
        return Refusal.because(
                        ReasonCode.RATE,
                        "requests with this certificate were refused more than " + limit
                                + " times within a minute: correct what the answers before this one say, then try again")
                .status(TOO_MANY_REQUESTS);
    }

    /** A second of which only a part is left still counts. */
    private static Duration roundedUp(Duration duration) {
        return Duration.ofSeconds(duration.plusNanos(999_999_999).toSeconds());
    }

    /** Writes the lines of minutes that are over from now on, until the scheduler ends. */
    public void start(ScheduledExecutorService scheduler) {
        ScheduledFuture<?> unused = scheduler.scheduleWithFixedDelay(this::writeLines, 1, 1, TimeUnit.SECONDS);
    }

    void writeLines() {
        counts.take(false).forEach(this::writeLine);
    }

    /** Writes the lines of all minutes: no further request comes. */
    @Override
    public void close() {
        counts.take(true).forEach(this::writeLine);
    }

    private void writeLine(RefusalCounts.Remainder remainder) {
        audit.refused(remainder.first(), tooMany().build(), remainder.refusals());
    }
}
