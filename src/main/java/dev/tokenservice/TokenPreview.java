package dev.tokenservice;

import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.Explanation;
import dev.tokenservice.token.IdTokenIssuer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * A token as it would be issued: made in the way of every token, with zeros instead of a signature.
 *
 * @param length of the token, in bytes
 */
record TokenPreview(Map<String, Object> claims, int length) {

    private static final String ISSUER = "https://issuer.invalid";
    private static final Duration VALIDITY = Duration.ofMinutes(5);

    /**
     * Makes one.
     *
     * @throws dev.tokenservice.oauth.RefusedException where the relying party would not accept it
     */
    static TokenPreview of(Explanation.Token token, Clock clock) {
        UnsignedTokens signer = new UnsignedTokens();
        String value = new IdTokenIssuer(signer, VALIDITY, clock)
                .issue(token.client(), ISSUER, token.decision(), Deadline.after(Deadline.OF_A_REQUEST))
                .value();
        return new TokenPreview(signer.claims(), value.length());
    }
}
