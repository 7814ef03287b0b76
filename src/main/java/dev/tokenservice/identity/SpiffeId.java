package dev.tokenservice.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SPIFFE ID, SPIFFE-ID section 2: {@code spiffe://trust-domain/path}, at most 2,048 bytes, the trust domain at most
 * 255 of lower-case letters, digits, dots, dashes and underscores, and no empty or relative path segment.
 *
 * @param uri the whole ID
 */
public record SpiffeId(String uri) {

    static final String SCHEME = "spiffe:";

    private static final int AUTHORITY = "spiffe://".length();
    private static final int MAX_LENGTH = 2048;

    /** Possessive, so that the JDK does not go one call deeper for each of a thousand segments. */
    private static final Pattern FORM =
            Pattern.compile("spiffe://[a-z0-9._-]{1,255}+(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]++)*+");

    /** Checks the form; {@link #parse} is for input that may be wrong. */
    public SpiffeId {
        if (!isValid(uri)) {
            throw new MalformedCertificateException("the SPIFFE ID is malformed");
        }
    }

    /** Returns the SPIFFE ID in a text, or nothing if the text is none. */
    public static Optional<SpiffeId> parse(String text) {
        return isValid(text) ? Optional.of(new SpiffeId(text)) : Optional.empty();
    }

    /**
     * Returns whether it has a path. One without names a trust domain, as authorities do, and no client (X509-SVID section
     * 4.1).
     */
    boolean namesWorkload() {
        return uri.indexOf('/', SCHEME.length() + 2) >= 0;
    }

    /** Returns the trust domain, without scheme and path. */
    public String trustDomain() {
        int end = uri.indexOf('/', AUTHORITY);
        return end < 0 ? uri.substring(AUTHORITY) : uri.substring(AUTHORITY, end);
    }

    /** Returns the path, with its slash; empty if it names a trust domain. */
    public String path() {
        return uri.substring(AUTHORITY + trustDomain().length());
    }

    /**
     * Returns whether a URI claims to be a SPIFFE ID, well formed or not (the scheme is case-insensitive, RFC 3986 section
     * 3.1).
     */
    public static boolean isClaimedBy(String uri) {
        return uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    private static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return uri;
    }
}
