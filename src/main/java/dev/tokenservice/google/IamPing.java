package dev.tokenservice.google;

import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out in the background whether IAM signs, where no token was signed for a minute: so that the quota pays for one
 * signature a minute at most, and a probe for none.
 */
public final class IamPing {

    private static final Logger LOG = LoggerFactory.getLogger(IamPing.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final CallHistory history;
    private final Signature signature;
    private final Clock clock;

    public IamPing(CallHistory history, Signature signature, Clock clock) {
        this.history = history;
        this.signature = signature;
        this.clock = clock;
    }

    /** Pings from now on, until the scheduler ends. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void start(ScheduledExecutorService scheduler) {
        scheduler.scheduleWithFixedDelay(this::ping, 0, PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    /** Signs something that is not a token for anybody, unless a recent signature succeeded. */
    void ping() {
        if (history.failures().isEmpty()
                && history.ageOfLastSuccess()
                        .filter(age -> age.compareTo(PERIOD) < 0)
                        .isPresent()) {
            return;
        }
        try {
            signature.sign(
                    Map.of("exp", clock.instant().plus(PERIOD).getEpochSecond()),
                    Deadline.after(Deadline.OF_A_REQUEST));
        } catch (RefusedException e) {
            // The history has it, and probes read it there.
        } catch (RuntimeException e) {
            // Rethrown, it would stop the pings permanently.
            LOG.error("the signature that checks IAM failed unexpectedly", e);
        }
    }
}
