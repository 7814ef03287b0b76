package dev.tokenservice.policy;

import dev.tokenservice.oauth.TokenRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A token request that nobody sends, to learn what a policy would decide.
 *
 * @param audience the requested audience; empty for the named relying party, or for the default
 * @param relyingParty the name of the requested relying party
 * @param scopes the scopes of an access token; empty if none is requested
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
