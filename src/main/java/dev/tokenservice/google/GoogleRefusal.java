package dev.tokenservice.google;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call to a Google API without a result, as the refusal it leads to. The detail names the call, what Google said and what the
 * operator can do; it never holds a token.
 */
final class GoogleRefusal {

    static final Duration RETRY_WHEN_UNAVAILABLE = Duration.ofSeconds(5);
    static final Duration RETRY_WHEN_LIMITED = Duration.ofSeconds(30);
    static final Duration RETRY_WHEN_BUSY = Duration.ofSeconds(1);

    private static final int TOO_MANY_REQUESTS = 429;

    private GoogleRefusal() {}

    /** Google cannot be reached, is slow, fails or answers nonsense. */
    static Refusal.Builder unavailable(String problem) {
        return Refusal.because(ReasonCode.GOOGLE_UNAVAILABLE, "Google Cloud gives no valid answer; try again later")
                .detail(problem)
                .retryAfter(RETRY_WHEN_UNAVAILABLE);
    }

    /** No answer: check the network. */
    static Refusal unreachable(String problem, Throwable cause) {
        return unavailable(problem)
                .remedy("check that the host is reachable from here (DNS, firewall, egress), and that STS_URL "
                        + "and IAM_CREDENTIALS_URL, if set, are correct")
                .cause(cause)
                .build();
    }

    /** An answer that is not from the API: check the server that gave it. */
    static Refusal refusedAnswer(String problem, Throwable cause) {
        return unavailable(problem)
                .remedy("check which server answers: a proxy, or another one at STS_URL or IAM_CREDENTIALS_URL")
                .cause(cause)
                .build();
    }

    /** A quota or a rate limit of Google's is used up. */
    static Refusal rateLimited(String problem, @Nullable Duration retryAfter) {
        return Refusal.because(ReasonCode.RATE, "the rate limit is reached; try again later")
                .status(TOO_MANY_REQUESTS)
                .detail(problem)
                .remedy("have clients keep their tokens until they expire, and request more on the page IAM & "
                        + "Admin, Quotas")
                .retryAfter(retryAfter == null ? RETRY_WHEN_LIMITED : retryAfter)
                .build();
    }

    /** So many calls wait for Google already that one more would only wait as well. */
    static Refusal busy(String problem) {
        return Refusal.because(
                        ReasonCode.GOOGLE_UNAVAILABLE,
                        "too many requests to Google Cloud are in flight; try again later")
                .detail(problem)
                .retryAfter(RETRY_WHEN_BUSY)
                .build();
    }

    /** Google refuses what this client asked for; the remedy is for the operator, should the client be right. */
    static Refusal refused(OAuthError error, String description, String problem, String remedy) {
        return Refusal.because(ReasonCode.GOOGLE_REFUSED, description)
                .error(error)
                .detail(problem)
                .remedy(remedy)
                .build();
    }

    /** Google refuses this service; the remedy says what the operator must do. */
    static Refusal misconfigured(String problem, String remedy) {
        return Refusal.because(
                        ReasonCode.OPERATOR,
                        "the service is not set up correctly in Google Cloud; its operator finds the remedy in "
                                + "the log")
                .detail(problem)
                .remedy(remedy)
                .build();
    }
}
