package dev.tokenservice.authentication;

/** A setting with the name of an HTTP header. */
public final class HeaderName {

    /** A token (RFC 9110 section 5.6.2). */
    public static final String REGEXP = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}";

    /** What the operator is told. */
    public static final String ALLOWED = "must be an HTTP header name (RFC 9110 section 5.1), 1 to 128 characters";

    private HeaderName() {}
}
