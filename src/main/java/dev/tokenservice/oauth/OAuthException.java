package dev.tokenservice.oauth;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that ends without a token: what the client is told, and what only the operator may read.
 *
 * <p>The description goes out and says what to do; the detail stays in the log and may name settings, resources and
 * values. Neither ever holds a token, a key or a secret. Immutable; built by the static methods and the {@code with…}
 * methods.
 */
public class OAuthException extends RuntimeException {

    private static final int INPUT_LIMIT = 100;

    private final OAuthError error;
    private final int status;
    private final String description;
    private final @Nullable String detail;
    private final @Nullable Duration retryAfter;

    protected OAuthException(
            OAuthError error,
            int status,
            String description,
            @Nullable String detail,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        // Without a stack trace: a refusal is an answer, and a client decides how many there are.
        super(description, cause, false, false);
        this.error = error;
        this.status = status;
        this.description = description;
        this.detail = detail;
        this.retryAfter = retryAfter;
    }

    /** An error with the status that belongs to its code. */
    public static OAuthException of(OAuthError error, String description) {
        return new OAuthException(error, error.status(), description, null, null, null);
    }

    /** An {@code invalid_request} with a status of its own, such as 405 or 413. */
    public static OAuthException ofStatus(int status, String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, status, description, null, null, null);
    }

    /** The same error with what the operator should know besides, for the log only. */
    public OAuthException withDetail(String logDetail) {
        return new OAuthException(error, status, description, logDetail, retryAfter, getCause());
    }

    /** The same error with the exception that led to it, for the log only. */
    public OAuthException withCause(Throwable cause) {
        return new OAuthException(error, status, description, detail, retryAfter, cause);
    }

    /** The same error with the status 429 or 503 and the time after which another try makes sense. */
    public OAuthException withRetryAfter(int retryStatus, Duration delay) {
        return new OAuthException(error, retryStatus, description, detail, delay, getCause());
    }

    public OAuthError error() {
        return error;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** What the client is told. Never empty. */
    public String description() {
        return description;
    }

    /** What only the log may say; empty where the description says it all. */
    public Optional<String> detail() {
        return Optional.ofNullable(detail);
    }

    /** The value of {@code Retry-After}, where there is one. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * Makes input fit to be repeated in a message: cut at 100 characters, and everything but printable ASCII replaced,
     * so that neither a terminal nor a log line can be forged with it; RFC 6749 section 5.2 excludes quotes and backslashes.
     */
    public static String quote(String input) {
        return quote(input, INPUT_LIMIT);
    }

    /** The same, cut at another number of characters: for the log, and for what no client has written. */
    public static String quote(String text, int limit) {
        StringBuilder quoted = new StringBuilder("'");
        text.chars().limit(limit).forEach(c -> quoted.append(isHarmless(c) ? (char) c : '?'));
        return quoted.append(text.length() > limit ? "...'" : "'").toString();
    }

    private static boolean isHarmless(int c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\'' && c != '\\';
    }
}
