package dev.tokenservice.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The rules for a configured issuer (OpenID Connect Core section 2, {@code iss}). */
public final class IssuerUrl {

    private static final int MAX_LENGTH = 600;

    private IssuerUrl() {}

    /** Returns whether the text is an https URL of an endpoint: with a path, and without query and fragment. */
    public static boolean isEndpoint(String text) {
        return isValid(text)
                && text.startsWith("https://")
                && URI.create(text).getPath().length() > 1;
    }

    /**
     * Returns whether the text is a URL that relying parties can look up: https, or http on this machine; no query or
     * fragment.
     */
    public static boolean isValid(String text) {
        try {
            URI uri = new URI(text);
            String rawAuthority = uri.getRawAuthority();
            Optional<HostAndPort> authority = rawAuthority == null ? Optional.empty() : HostAndPort.parse(rawAuthority);
            boolean schemeFits = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme())
                            && authority.filter(HostAndPort::isLoopback).isPresent());
            return schemeFits
                    && authority.isPresent()
                    && text.length() <= MAX_LENGTH
                    && text.chars().allMatch(c -> c > ' ' && c <= '~')
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
