package dev.tokenservice.token;

import java.time.Instant;

/**
 * A signed ID token.
 *
 * @param value the compact JWS
 * @param id its {@code jti}
 * @param audience its {@code aud}
 * @param issuedAt its {@code iat}
 * @param expiresAt its {@code exp}
 */
public record IdToken(String value, String id, String audience, Instant issuedAt, Instant expiresAt) {

    /** Never the token. */
    @Override
    public String toString() {
        return "ID token " + id;
    }
}
