package dev.tokenservice.google;

import com.google.api.client.http.HttpResponseException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.telemetry.GoogleMetrics;
import dev.tokenservice.telemetry.GoogleMetrics.Outcome;
import dev.tokenservice.telemetry.ServiceMetrics;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * One kind of call of Google's, with everything that is the same for all of them: no more at once than allowed, retries
 * with exponential backoff and jitter that honour {@code Retry-After} and stay within the deadline, metrics, and the memory
 * of how the last one ended. Safe for many threads.
 */
final class GoogleCall {

    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final double BACKOFF_FACTOR = 2;
    private static final double JITTER = 0.5;

    /** With less time left another attempt would only delay the answer. */
    private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(200);

    private static final IntervalFunction BACKOFF =
            IntervalFunction.ofExponentialRandomBackoff(FIRST_BACKOFF, BACKOFF_FACTOR, JITTER);

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
     * @param refusal what an error means that another attempt does not mend
     * @throws GoogleApiException when there is no result to be had, or none in time
     */
    <T> T execute(Deadline deadline, Function<GoogleError, GoogleApiException> refusal, Attempt<T> attempt) {
        if (!waiting.tryAcquire()) {
            metrics.count(Outcome.BUSY);
            throw GoogleApiException.busy(name + ": too many calls are waiting already");
        }
        try (GoogleMetrics.Running running = metrics.started()) {
            T result = retry.executeSupplier(() -> attempt(deadline, refusal, attempt));
            metrics.count(Outcome.OK);
            history.succeeded();
            return result;
        } catch (FailedAttempt e) {
            throw counted(e.reason);
        } finally {
            waiting.release();
        }
    }

    private <T> T attempt(Deadline deadline, Function<GoogleError, GoogleApiException> refusal, Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (HttpResponseException e) {
            throw new FailedAttempt(failure(GoogleError.of(e, clock), refusal), deadline);
        } catch (GoogleApiException e) {
            throw new FailedAttempt(e, deadline);
        } catch (IOException e) {
            throw new FailedAttempt(GoogleApiException.unreachable(name + ": " + e, e), deadline);
        }
    }

    private GoogleApiException failure(GoogleError error, Function<GoogleError, GoogleApiException> refusal) {
        if (error.isRateLimit()) {
            return GoogleApiException.rateLimited(name + ": " + error, error.retryAfter());
        }
        if (error.isTransient()) {
            return GoogleApiException.unavailable(name + ": " + error, error.retryAfter(), null);
        }
        return error.isRefusal()
                ? refusal.apply(error)
                : GoogleApiException.unusable(
                        name + ": " + error + " is no answer of this API; redirects are not followed");
    }

    private GoogleApiException counted(GoogleApiException failure) {
        boolean rateLimited = failure.status() != failure.error().status();
        boolean unavailable = failure.error() == OAuthError.TEMPORARILY_UNAVAILABLE;
        metrics.count(rateLimited ? Outcome.RATE_LIMITED : unavailable ? Outcome.UNAVAILABLE : Outcome.REFUSED);
        // A used-up quota says nothing about what works, and must not take a replica out of service.
        if (!rateLimited && (unavailable || failure.error() == OAuthError.SERVER_ERROR)) {
            history.failed(failure.detail().orElse(failure.description()));
        }
        return failure;
    }

    /** A failure as the retries see it: together with the time that is left. */
    private static final class FailedAttempt extends RuntimeException {

        private final transient GoogleApiException reason;
        private final transient Deadline deadline;

        FailedAttempt(GoogleApiException reason, Deadline deadline) {
            super(null, reason, false, false);
            this.reason = reason;
            this.deadline = deadline;
        }

        boolean isWorthAnother() {
            return reason.isRetryable() && askedDelay().plus(SHORTEST_ATTEMPT).compareTo(deadline.remaining()) < 0;
        }

        private Duration askedDelay() {
            return reason.askedDelay().orElse(Duration.ZERO);
        }

        /** Milliseconds until the next attempt: what Google asked for, if that is longer than the backoff. */
        long delay(int attempt) {
            long backoff = Math.max(BACKOFF.apply(attempt), askedDelay().toMillis());
            return Math.max(
                    0,
                    Math.min(
                            backoff,
                            deadline.remaining().minus(SHORTEST_ATTEMPT).toMillis()));
        }
    }
}
