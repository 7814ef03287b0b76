package dev.tokenservice.policy;

import dev.tokenservice.oauth.TokenRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A token request that nobody sends: to learn what a policy would decide.
 *
 * @param audience of the token; empty where the relying party is named, or the default one is meant
 * @param relyingParty by name
 * @param scopes of an access token; empty where none is asked for
 */
record TrialRequest(
        ClientFacts client,
        Optional<String> audience,
        Optional<String> relyingParty,
        List<String> scopes,
        Optional<String> serviceAccount,
        Instant now) {

    TokenRequest tokenRequest() {
        return new TokenRequest(Optional.empty(), audience, relyingParty, scopes, serviceAccount, false);
    }
}
