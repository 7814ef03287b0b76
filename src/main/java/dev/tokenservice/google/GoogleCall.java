package dev.tokenservice.google;

import com.google.api.client.http.HttpResponseException;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.RefusedAnswerException;
import dev.tokenservice.telemetry.GoogleMetrics;
import dev.tokenservice.telemetry.GoogleOutcome;
import dev.tokenservice.telemetry.ServiceMetrics;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * One kind of call to a Google API, with everything that is the same for all of them: a limit of calls in flight, retries
 * with exponential backoff and jitter that honour {@code Retry-After} and stay within the deadline, metrics, and the memory
 * of how the last one ended. Safe for many threads.
 */
final class GoogleCall {

    private static final int ATTEMPTS = 5;

    private final String name;
    private final Semaphore waiting;
    private final Clock clock;
    private final GoogleMetrics metrics;
    private final CallHistory history;
    private final Retry retry;

    /** One attempt of a call: sends it, and makes sense of the answer. */
    interface Attempt<T> {

        /** Fails with {@link HttpResponseException} for an error of Google's, with {@link IOException} for no answer. */
        T run() throws IOException;
    }

    GoogleCall(String name, Semaphore waiting, ServiceMetrics serviceMetrics, Clock clock) {
        this.name = name;
        this.waiting = waiting;
        this.clock = clock;
        this.metrics = serviceMetrics.google(name);
        this.history = new CallHistory(clock);
        this.retry = Retry.of(
                name,
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .retryOnException(e -> e instanceof FailedAttempt attempt && attempt.isWorthAnother())
                        .intervalBiFunction((attempt, outcome) -> ((FailedAttempt) outcome.getLeft()).delay(attempt))
                        .build());
        retry.getEventPublisher().onRetry(event -> metrics.retried());
    }

    CallHistory history() {
        return history;
    }

    /**
     * Makes the call.
     *
     * @param refusal what an error means that another attempt does not fix
     * @throws RefusedException when there is no result to be had, or none in time
     */
    <T> T execute(Deadline deadline, Function<GoogleError, Refusal> refusal, Attempt<T> attempt) {
        if (!waiting.tryAcquire()) {
            metrics.count(GoogleOutcome.BUSY);
            throw new RefusedException(GoogleRefusal.busy(name + ": too many calls are in flight"));
        }
        try (GoogleMetrics.Running running = metrics.started()) {
            T result = retry.executeSupplier(() -> attempt(deadline, refusal, attempt));
            metrics.count(GoogleOutcome.OK);
            history.succeeded();
            return result;
        } catch (FailedAttempt e) {
            count(e.refusal());
            throw new RefusedException(e.refusal());
        } finally {
            waiting.release();
        }
    }

    private <T> T attempt(Deadline deadline, Function<GoogleError, Refusal> refusal, Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (HttpResponseException e) {
            throw failure(GoogleError.of(e, clock), refusal, deadline);
        } catch (RefusedException e) {
            boolean worthAnother = e.refusal().reason() == ReasonCode.GOOGLE_UNAVAILABLE;
            throw new FailedAttempt(e.refusal(), worthAnother, Duration.ZERO, deadline);
        } catch (RefusedAnswerException e) {
            Refusal refusedAnswer = GoogleRefusal.refusedAnswer(name + ": " + e.getMessage(), e);
            throw new FailedAttempt(refusedAnswer, true, Duration.ZERO, deadline);
        } catch (IOException e) {
            throw new FailedAttempt(GoogleRefusal.unreachable(name + ": " + e, e), true, Duration.ZERO, deadline);
        }
    }

    private FailedAttempt failure(GoogleError error, Function<GoogleError, Refusal> refusal, Deadline deadline) {
        String problem = name + ": " + error;
        Duration asked = error.retryAfter() == null ? Duration.ZERO : error.retryAfter();
        if (error.isRateLimit()) {
            return new FailedAttempt(GoogleRefusal.rateLimited(problem, error.retryAfter()), true, asked, deadline);
        }
        if (error.isTransient()) {
            Refusal.Builder unavailable = GoogleRefusal.unavailable(problem);
            if (error.retryAfter() != null) {
                unavailable.retryAfter(error.retryAfter());
            }
            return new FailedAttempt(unavailable.build(), true, asked, deadline);
        }
        // Whatever it is, Google will answer the same again.
        Refusal lasting = error.isRefusal()
                ? refusal.apply(error)
                : GoogleRefusal.unavailable(problem + " is not an answer of this API; redirects are not followed")
                        .build();
        return new FailedAttempt(lasting, false, Duration.ZERO, deadline);
    }

    private void count(Refusal refusal) {
        boolean rateLimited = refusal.reason() == ReasonCode.RATE;
        boolean unavailable = refusal.reason() == ReasonCode.GOOGLE_UNAVAILABLE;
        metrics.count(
                rateLimited
                        ? GoogleOutcome.RATE_LIMITED
                        : unavailable ? GoogleOutcome.UNAVAILABLE : GoogleOutcome.REFUSED);
        // A used-up quota says nothing about what works, and must not take a replica out of service.
        if (unavailable || refusal.isOperatorsToFix()) {
            history.failed(refusal.detail().orElse(refusal.description()));
        }
    }
}
