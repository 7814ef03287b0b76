package dev.tokenservice.oauth;

import java.util.Optional;

/**
 * Who issues the tokens of one request.
 *
 * @param url the exact value of {@code iss}
 * @param loopback whether both ends of the request are this very machine, and the URL is not a configured one
 */
public record Issuer(String url, boolean loopback) {

    /** Returns the URL of an endpoint, from its path with a leading slash. */
    public String endpoint(String path) {
        return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + path;
    }

    /** Returns the URL where it may serve as the audience of last resort: nobody but this machine can have chosen it. */
    public Optional<String> loopbackUrl() {
        return loopback ? Optional.of(url) : Optional.empty();
    }
}
