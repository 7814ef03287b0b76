package dev.tokenservice.policy;

import java.util.Map;
import java.util.Optional;

/**
 * The decision of a policy for a request that nobody sent.
 *
 * @param rule the rule that decides; empty if none does
 * @param reason the reason why the client would get no token
 * @param relyingParty the relying party of the token; empty if none was found
 * @param decision the content of the token that the policy decides; empty if there would be no token
 */
record TrialAnswer(
        Optional<String> rule, String reason, Optional<RelyingParty> relyingParty, Optional<Decision> decision) {

    static TrialAnswer refused(Optional<String> rule, String reason, Optional<RelyingParty> party) {
        return new TrialAnswer(rule, reason, party, Optional.empty());
    }

    boolean issued() {
        return decision.isPresent();
    }

    /** Returns the subject of the token that would be issued. */
    Optional<String> subject() {
        return decision.map(Decision::subject);
    }

    /** Returns the claims that the policy adds to the token. */
    Map<String, Object> claims() {
        return decision.map(Decision::claims).orElse(Map.of());
    }
}
