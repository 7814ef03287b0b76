package dev.tokenservice.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a client was granted.
 *
 * @param relyingParty for whom its ID token is
 * @param accessToken whether the ID token is to be exchanged for an access token
 * @param subject the {@code sub} of its ID token
 * @param claims further claims in it, by name
 * @param validity how long the ID token is valid at most; empty where {@code TOKEN_VALIDITY} says so
 */
public record Decision(
        RelyingParty relyingParty,
        boolean accessToken,
        String subject,
        Map<String, Object> claims,
        Optional<Duration> validity) {

    /** One without further claims. */
    public Decision(RelyingParty relyingParty, boolean accessToken, String subject, Optional<Duration> validity) {
        this(relyingParty, accessToken, subject, Map.of(), validity);
    }
}
