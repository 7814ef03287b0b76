package dev.tokenservice.oauth;

import java.util.Locale;

/**
 * The error codes that a client can meet, each with the HTTP status it comes with unless the exception names another.
 *
 * <p>Sources: RFC 6749 section 5.2 ({@code invalid_request} to {@code unsupported_grant_type}), RFC 8707 section 2
 * ({@code invalid_target}), RFC 6749 section 4.1.2.1 ({@code temporarily_unavailable}, {@code server_error}).
 */
public enum OAuthError {
    INVALID_REQUEST(400),
    INVALID_CLIENT(401),
    /** Google refuses the exchange or the impersonation for this client. */
    INVALID_GRANT(400),
    /** The client is authenticated, and may not have what it asks for. */
    UNAUTHORIZED_CLIENT(400),
    UNSUPPORTED_GRANT_TYPE(400),
    /** A scope that is malformed or unknown, or that nothing can be exchanged for. */
    INVALID_SCOPE(400),
    /** An audience that no tokens are issued for. */
    INVALID_TARGET(400),
    /** Google does not answer, a quota is used up, or too many wait; comes with {@code Retry-After}. */
    TEMPORARILY_UNAVAILABLE(503),
    /** The operator must act, or the service has a defect. */
    SERVER_ERROR(500);

    private final String code = name().toLowerCase(Locale.ROOT);
    private final int status;

    OAuthError(int status) {
        this.status = status;
    }

    /** Returns the code as it stands in the {@code error} member, for example {@code invalid_request}. */
    public String code() {
        return code;
    }

    public int status() {
        return status;
    }
}
