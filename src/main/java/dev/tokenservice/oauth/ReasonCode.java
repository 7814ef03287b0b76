package dev.tokenservice.oauth;

import java.util.Locale;

/**
 * Why a request is refused, for operators: a closed set, finer than the error codes of OAuth, each with the error code that
 * a client usually meets with it.
 */
public enum ReasonCode {
    NO_CERTIFICATE(OAuthError.INVALID_CLIENT),
    /** The certificate cannot be read, or nobody verified it. */
    NOT_VERIFIED(OAuthError.INVALID_CLIENT),
    /** No valid path leads from the certificate to a trusted authority. */
    UNTRUSTED(OAuthError.INVALID_CLIENT),
    /** The certificate, or one on its path, is expired or expires within a minute. */
    EXPIRED(OAuthError.INVALID_CLIENT),
    /** The certificate, or one on its path, is not valid yet. */
    NOT_YET_VALID(OAuthError.INVALID_CLIENT),
    /** The certificate is not for client authentication. */
    WRONG_PURPOSE(OAuthError.INVALID_CLIENT),
    /** A key or a signature on the path is too weak, or of a kind that is not accepted. */
    WEAK(OAuthError.INVALID_CLIENT),
    /** A certificate on the path breaks a constraint of an authority above it, or has an extension that cannot be read. */
    CONSTRAINT(OAuthError.INVALID_CLIENT),
    /** A revocation list names a certificate on the path. */
    REVOKED(OAuthError.INVALID_CLIENT),
    /** Nothing current says whether a certificate is revoked. */
    REVOCATION_UNKNOWN(OAuthError.INVALID_CLIENT),
    /** The operator's list of denied certificates names the certificate. */
    DENIED(OAuthError.INVALID_CLIENT),
    /** The authority of the certificate may not vouch for this name. */
    NAME_NOT_ALLOWED(OAuthError.INVALID_CLIENT),
    /** The certificate has no attribute that can serve as client id. */
    NO_CLIENT_ID(OAuthError.INVALID_CLIENT),
    /** The certificate has several values of the attribute that serves as client id. */
    AMBIGUOUS_CLIENT_ID(OAuthError.INVALID_CLIENT),
    /** What the proxy says of the certificate is malformed, repeated or contradictory. */
    CONTRADICTORY_HEADERS(OAuthError.INVALID_CLIENT),
    /** Certificate headers came without the proof that the proxy wrote them. */
    PROXY_NOT_PROVEN(OAuthError.INVALID_CLIENT),
    /** The request is not what the standards, or this service, allow. */
    MALFORMED_REQUEST(OAuthError.INVALID_REQUEST),
    /** The parameter {@code client_id} names another client than the certificate. */
    WRONG_CLIENT_ID(OAuthError.INVALID_CLIENT),
    /** No tokens are issued for this audience. */
    UNKNOWN_TARGET(OAuthError.INVALID_TARGET),
    /** The client may not have what it asks for. */
    POLICY(OAuthError.UNAUTHORIZED_CLIENT),
    /** A quota or a limit is reached. */
    RATE(OAuthError.TEMPORARILY_UNAVAILABLE),
    /** STS or IAM refused the exchange, or the impersonation, for this client. */
    GOOGLE_REFUSED(OAuthError.INVALID_GRANT),
    /** STS or IAM cannot be reached, is slow, fails, or answers nonsense. */
    GOOGLE_UNAVAILABLE(OAuthError.TEMPORARILY_UNAVAILABLE),
    /** The operator must act. */
    OPERATOR(OAuthError.SERVER_ERROR),
    INTERNAL(OAuthError.SERVER_ERROR);

    private final String code = name().toLowerCase(Locale.ROOT);
    private final OAuthError error;

    ReasonCode(OAuthError error) {
        this.error = error;
    }

    /** Returns the code as it stands in the audit line, for example {@code not_yet_valid}. */
    public String code() {
        return code;
    }

    /** Returns the error code that the client gets unless the refusal names another. */
    public OAuthError error() {
        return error;
    }
}
