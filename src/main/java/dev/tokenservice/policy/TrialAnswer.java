package dev.tokenservice.policy;

import java.util.Map;
import java.util.Optional;

/**
 * What a policy decides of a request that nobody sent.
 *
 * @param rule that decides; empty where none does
 * @param reason why the client would get no token
 * @param relyingParty for whom the token would be; empty where none was found
 * @param decision what the token would be made by, as far as the policy decides it; empty where there would be none
 */
record TrialAnswer(
        Optional<String> rule, String reason, Optional<RelyingParty> relyingParty, Optional<Decision> decision) {

    static TrialAnswer refused(Optional<String> rule, String reason, Optional<RelyingParty> party) {
        return new TrialAnswer(rule, reason, party, Optional.empty());
    }

    boolean issued() {
        return decision.isPresent();
    }

    /** The subject of the token that would be issued. */
    Optional<String> subject() {
        return decision.map(Decision::subject);
    }

    /** The claims that the policy adds to it. */
    Map<String, Object> claims() {
        return decision.map(Decision::claims).orElse(Map.of());
    }
}
