package dev.tokenservice.policy;

import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The permissions of a rule.
 *
 * @param relyingParties the names of the allowed relying parties
 * @param scopes the allowed scopes of access tokens; empty if any is allowed
 * @param serviceAccounts patterns of the service accounts that may be impersonated; empty if any may
 * @param tokenValidity the longest lifetime of a token; empty if the rule sets none
 * @param claims the added claims, by name
 */
record Grant(
        List<String> relyingParties,
        Optional<List<String>> scopes,
        Optional<List<String>> serviceAccounts,
        Optional<Duration> tokenValidity,
        Map<String, Expression> claims,
        Optional<RateLimit> rateLimit) {

    /** Returns which part of a request is not allowed, for the operator; empty if all is allowed. */
    Optional<String> refuses(Facts.Request request) {
        if (!relyingParties.contains(request.relyingParty())) {
            return Optional.of("the rule does not allow the relying party " + request.relyingParty());
        }
        Optional<String> scope = scopes.flatMap(allowed -> request.scopes().stream()
                .filter(asked -> !allowed.contains(asked))
                .findFirst());
        if (scope.isPresent()) {
            return Optional.of("the rule does not allow the scope " + PolicyProblems.quoted(scope.get()));
        }
        return request.serviceAccount()
                .value()
                .filter(account -> serviceAccounts
                        .filter(allowed -> allowed.stream().noneMatch(pattern -> Wildcard.matches(pattern, account)))
                        .isPresent())
                .map(account -> "the rule does not allow the service account " + PolicyProblems.quoted(account));
    }
}
