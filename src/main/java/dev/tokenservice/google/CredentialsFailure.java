package dev.tokenservice.google;

import com.google.auth.Retryable;
import dev.tokenservice.oauth.Refusal;
import org.jspecify.annotations.Nullable;

/** Why Google's library gets no token for credentials. */
final class CredentialsFailure {

    private CredentialsFailure() {}

    /** The library knows for most failures whether a retry can succeed; unknown failures are retried. */
    static Refusal refusal(Throwable cause) {
        if (isFinal(cause)) {
            return GoogleRefusal.misconfigured(
                    "credentials: Google issues no token for them: " + line(cause),
                    "check that the service account is enabled, and that its key is neither deleted nor expired");
        }
        return GoogleRefusal.unavailable("credentials: " + line(cause)).build();
    }

    private static boolean isFinal(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof Retryable retryable) {
                return !retryable.isRetryable();
            }
        }
        return cause instanceof RuntimeException;
    }

    /** A failure of the library's as one line: it may repeat the whole answer of a server. */
    static String line(Throwable cause) {
        @Nullable String message = cause.getMessage();
        return GoogleError.harmless(message == null ? cause.getClass().getSimpleName() : message);
    }
}
