package dev.tokenservice.health;

import dev.tokenservice.google.CallHistory;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.google.GoogleApiException;
import dev.tokenservice.signing.TokenSigner;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether IAM signs. Known from the tokens that are signed anyway; where none was for a minute, a ping in the background
 * finds out, so that the quota pays for one signature a minute at most, and a probe for none.
 */
public final class IamHealthCheck extends CallHealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(IamHealthCheck.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final CallHistory history;
    private final TokenSigner signer;
    private final Clock clock;

    public IamHealthCheck(CallHistory history, TokenSigner signer, Clock clock) {
        super(history);
        this.history = history;
        this.signer = signer;
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
            signer.sign(
                    Map.of("exp", clock.instant().plus(PERIOD).getEpochSecond()),
                    Deadline.after(Deadline.OF_A_REQUEST));
        } catch (GoogleApiException e) {
            // The history has it, and whoever probes reads it there.
        } catch (RuntimeException e) {
            // Thrown on, it would end the pings for ever.
            LOG.error("the ping of IAM failed in a way that nobody thought of", e);
        }
    }

    @Override
    Result beforeFirstSuccess() {
        return Result.unhealthy("nothing was signed yet");
    }
}
