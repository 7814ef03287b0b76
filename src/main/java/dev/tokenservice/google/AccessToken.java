package dev.tokenservice.google;

import java.time.Instant;

/**
 * An access token of Google's.
 *
 * @param value the token, never empty
 * @param expiry its expiry
 */
public record AccessToken(String value, Instant expiry) {

    /** Tokens do not go into logs. */
    @Override
    public String toString() {
        return "AccessToken[expiry=" + expiry + "]";
    }
}
