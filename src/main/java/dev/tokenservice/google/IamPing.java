package dev.tokenservice.google;

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

    /** Signs what it is given, as for a token. */
    @FunctionalInterface
    public interface Signature {

        /** The signed claims, as a compact JWS. */
        String sign(Map<String, ?> claims, Deadline deadline);
    }

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

    /** Has something signed that is no token for anybody, unless it is known that signing works. */
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
        } catch (GoogleApiException e) {
            // The history has it, and whoever probes reads it there.
        } catch (RuntimeException e) {
            // Thrown on, it would end the pings for ever.
            LOG.error("the ping of IAM failed in a way that nobody thought of", e);
        }
    }
}
