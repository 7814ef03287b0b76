package dev.tokenservice.google;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of Google's that gave no result, as the answer it leads to. The detail names the call, what Google said and what
 * the operator can do; it never holds a token.
 */
public final class GoogleApiException extends OAuthException {

    static final Duration RETRY_WHEN_UNAVAILABLE = Duration.ofSeconds(5);
    static final Duration RETRY_WHEN_LIMITED = Duration.ofSeconds(30);
    static final Duration RETRY_WHEN_BUSY = Duration.ofSeconds(1);

    private static final int TOO_MANY_REQUESTS = 429;

    private final boolean retryable;
    private final @Nullable Duration askedDelay;
    private final String problem;
    private final @Nullable String remedy;

    private GoogleApiException(
            OAuthError error,
            int status,
            String description,
            String problem,
            @Nullable Duration retryAfter,
            boolean retryable,
            @Nullable Duration askedDelay,
            @Nullable String remedy,
            @Nullable Throwable cause) {
        super(error, status, description, problem + (remedy == null ? "" : "; " + remedy), retryAfter, cause);
        this.retryable = retryable;
        this.askedDelay = askedDelay;
        this.problem = problem;
        this.remedy = remedy;
    }

    /** What was wrong, for operators: the detail without the remedy. */
    public String problem() {
        return problem;
    }

    /** What the operator can do about it, where that is known; the end of the detail. */
    public Optional<String> remedy() {
        return Optional.ofNullable(remedy);
    }

    /** Whether the same call may succeed a moment later. */
    boolean isRetryable() {
        return retryable;
    }

    /** How long Google wants to be left alone, where it said so. */
    Optional<Duration> askedDelay() {
        return Optional.ofNullable(askedDelay);
    }

    /** Google cannot be reached, is slow, fails or answers nonsense, and another try makes sense. */
    static GoogleApiException unavailable(String detail, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        return unavailable(detail, null, retryAfter, true, cause);
    }

    /** No answer: it is the way to Google that is to be looked at. */
    static GoogleApiException unreachable(String problem, Throwable cause) {
        return unavailable(
                problem,
                "see that the host can be reached from here (DNS, firewall, egress), and that STS_URL and "
                        + "IAM_CREDENTIALS_URL, where set, are right",
                null,
                true,
                cause);
    }

    /** Google answers what no client can use, and will do so again. */
    static GoogleApiException unusable(String detail) {
        return unavailable(detail, null, null, false, null);
    }

    private static GoogleApiException unavailable(
            String problem,
            @Nullable String remedy,
            @Nullable Duration retryAfter,
            boolean retryable,
            @Nullable Throwable cause) {
        return new GoogleApiException(
                OAuthError.TEMPORARILY_UNAVAILABLE,
                OAuthError.TEMPORARILY_UNAVAILABLE.status(),
                "Google does not answer as it should; try again later",
                problem,
                retryAfter == null ? RETRY_WHEN_UNAVAILABLE : retryAfter,
                retryable,
                retryAfter,
                remedy,
                cause);
    }

    /** A quota or a rate limit of Google's is used up. */
    static GoogleApiException rateLimited(String problem, @Nullable Duration retryAfter) {
        return new GoogleApiException(
                OAuthError.TEMPORARILY_UNAVAILABLE,
                TOO_MANY_REQUESTS,
                "the rate limit is reached; try again later",
                problem,
                retryAfter == null ? RETRY_WHEN_LIMITED : retryAfter,
                true,
                retryAfter,
                "have clients keep their tokens until they end, and ask for more on the page IAM & Admin, Quotas",
                null);
    }

    /** So many calls wait for Google already that one more would only wait as well. */
    static GoogleApiException busy(String detail) {
        return new GoogleApiException(
                OAuthError.TEMPORARILY_UNAVAILABLE,
                OAuthError.TEMPORARILY_UNAVAILABLE.status(),
                "too many requests are waiting for Google; try again later",
                detail,
                RETRY_WHEN_BUSY,
                false,
                null,
                null,
                null);
    }

    /** Google refuses what this client asked for; the remedy is for the operator, should the client be right. */
    static GoogleApiException refused(OAuthError error, String description, String problem, String remedy) {
        return new GoogleApiException(error, error.status(), description, problem, null, false, null, remedy, null);
    }

    /** Google refuses this service; the remedy says what the operator has to do. */
    static GoogleApiException misconfigured(String problem, String remedy) {
        return refused(
                OAuthError.SERVER_ERROR,
                "the service is not set up correctly on Google's side; its operator finds the remedy in the log",
                problem,
                remedy);
    }
}
