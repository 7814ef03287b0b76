package dev.tokenservice.policy;

import dev.tokenservice.policy.Rule.Outcome;
import dev.tokenservice.policy.Rule.Verdict;
import dev.tokenservice.policy.cel.Budget;
import dev.tokenservice.policy.cel.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rules of a policy, in the order of the file. Immutable.
 *
 * @param shadow whether none of them is enforced
 */
record Rules(List<Rule> all, boolean shadow) {

    Rules {
        all = List.copyOf(all);
    }

    /**
     * The decision of the rules.
     *
     * @param rule the name of the rule that decides; empty if none does
     * @param grant the permissions; empty if the request is denied
     * @param reason the reason of a denial, for the operator
     * @param failed whether a rule could not be evaluated
     * @param rows the rows that were found in sets
     */
    record Ruling(
            Optional<String> rule,
            Optional<Grant> grant,
            String reason,
            boolean failed,
            Map<String, Map<String, String>> rows) {

        boolean isAllowed() {
            return grant.isPresent();
        }
    }

    /** Returns whether a rule is in shadow mode. */
    boolean hasShadow() {
        return shadow || all.stream().anyMatch(Rule::shadow);
    }

    /** Returns the ruling that is in force. Must not be called if all rules are in shadow mode. */
    Ruling decide(ClientFacts client, Facts.Request request, Instant now) {
        return decide(client, request, now, rule -> !rule.shadow());
    }

    /** Returns the ruling as if every rule were enforced. */
    Ruling decideInShadow(ClientFacts client, Facts.Request request, Instant now) {
        return decide(client, request, now, rule -> true);
    }

    private Ruling decide(ClientFacts client, Facts.Request request, Instant now, Predicate<Rule> counts) {
        Budget budget = new Budget();
        for (Rule rule : all) {
            if (counts.test(rule)) {
                Verdict verdict = rule.judge(client, request, now, budget);
                if (verdict.outcome() != Outcome.PASSES) {
                    return ruling(rule, verdict, request);
                }
            }
        }
        return new Ruling(Optional.empty(), Optional.empty(), "no rule matches", false, Map.of());
    }

    private static Ruling ruling(Rule rule, Verdict verdict, Facts.Request request) {
        Optional<Grant> grant = rule.grant().filter(allowed -> verdict.outcome() == Outcome.ALLOWS);
        Optional<String> refused = grant.flatMap(allowed -> allowed.refuses(request));
        return new Ruling(
                Optional.of(rule.name()),
                refused.isPresent() ? Optional.empty() : grant,
                refused.orElse(verdict.reason()),
                verdict.outcome() == Outcome.FAILS,
                verdict.rows());
    }
}
