package dev.tokenservice.policy;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.policy.cel.EvaluationException;
import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.Facts;
import java.util.LinkedHashMap;
import java.util.Map;

/** Evaluates the claims that a policy adds to a token. */
final class Claims {

    private final Facts facts;
    private final Map<String, Object> values = new LinkedHashMap<>();

    Claims(Facts facts) {
        this.facts = facts;
    }

    /**
     * Adds claims.
     *
     * @throws dev.tokenservice.oauth.RefusedException if an expression fails, so that no token is issued
     */
    Claims with(Map<String, Expression> claims) {
        claims.forEach((name, expression) -> {
            try {
                values.put(name, expression.value(facts));
            } catch (EvaluationException e) {
                throw NotAllowed.because("the claim " + name + ": " + e.getMessage());
            }
        });
        return this;
    }

    /**
     * Returns the claims by name.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code server_error} if the relying party would not accept them
     */
    Map<String, Object> of(RelyingParty party) {
        if (party.profile() == Profile.AWS && values.containsKey(SessionTags.CLAIM)) {
            SessionTags.problem(values.get(SessionTags.CLAIM)).ifPresent(problem -> {
                throw Refusal.because(ReasonCode.OPERATOR, "the relying party would not accept the ID token")
                        .detail(problem)
                        .remedy("change the claims of " + party.name() + ", or of the rule, in the policy")
                        .exception();
            });
        }
        return values;
    }
}
