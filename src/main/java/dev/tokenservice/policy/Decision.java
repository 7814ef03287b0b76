package dev.tokenservice.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The token that a client gets.
 *
 * @param relyingParty the relying party of the ID token
 * @param accessToken whether to exchange the ID token for an access token
 * @param subject the {@code sub} of its ID token
 * @param claims further claims in it, by name
 * @param validity the longest lifetime of the ID token; empty if {@code TOKEN_VALIDITY} decides
 */
public record Decision(
        RelyingParty relyingParty,
        boolean accessToken,
        String subject,
        Map<String, Object> claims,
        Optional<Duration> validity) {

    /** Creates a decision without further claims. */
    public Decision(RelyingParty relyingParty, boolean accessToken, String subject, Optional<Duration> validity) {
        this(relyingParty, accessToken, subject, Map.of(), validity);
    }
}
