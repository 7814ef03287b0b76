package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.Budget;
import dev.tokenservice.policy.cel.EvaluationException;
import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.Facts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rule of a policy.
 *
 * @param terms the terms of {@code match}, all of which must be true
 * @param sets the sets in which the client must be found
 * @param when an expression that must also be true
 * @param grant the permissions; empty if it denies
 * @param denial the reason of a denial, for the operator
 * @param shadow whether it is evaluated but not enforced
 */
record Rule(
        String name,
        List<MatchTerm> terms,
        List<SetTerm> sets,
        Optional<Expression> when,
        Optional<Grant> grant,
        String denial,
        boolean shadow) {

    /** The result of a rule for a request. */
    enum Outcome {
        /** The rule does not match, so another rule decides. */
        PASSES,
        ALLOWS,
        DENIES,
        /** The rule could not be evaluated, so the request is denied. */
        FAILS
    }

    /**
     * The result of a rule for a request, and the reason.
     *
     * @param rows the rows that were found in sets
     */
    record Verdict(Outcome outcome, String reason, Map<String, Map<String, String>> rows) {

        Verdict(Outcome outcome, String reason) {
            this(outcome, reason, Map.of());
        }
    }

    /**
     * Evaluates the rule. Any failure denies the request. A rule that denies a fingerprint also denies the twins of the
     * certificate. Otherwise its holder could escape by changing its signature into the other valid form.
     *
     * @param budget the budget of the decision, which all rules share
     */
    Verdict judge(ClientFacts client, Facts.Request request, Instant now, Budget budget) {
        Verdict verdict = ofForm(client, request, now, budget);
        if (grant.isPresent()
                || client.twins().isEmpty()
                || !(reads(ClientAttribute.SHA256) || reads(ClientAttribute.ID))) {
            return verdict;
        }
        for (String twin : client.twins()) {
            verdict = verdict.outcome() == Outcome.PASSES ? ofForm(client.with(twin), request, now, budget) : verdict;
        }
        return verdict;
    }

    /** Uses no streams, because it runs for each rule of each request. */
    private boolean reads(ClientAttribute attribute) {
        for (MatchTerm term : terms) {
            if (term.reads(attribute)) {
                return true;
            }
        }
        for (SetTerm set : sets) {
            if (set.attribute() == attribute) {
                return true;
            }
        }
        return when.isPresent() && when.get().attributes().contains(attribute.key());
    }

    /** Returns the number of values that it compares with a client. */
    int size() {
        return 1 + terms.stream().mapToInt(MatchTerm::size).sum() + sets.size();
    }

    private Verdict ofForm(ClientFacts client, Facts.Request request, Instant now, Budget budget) {
        try {
            return judged(client, request, now, budget);
        } catch (EvaluationException e) {
            return new Verdict(Outcome.FAILS, "when: " + e.getMessage());
        } catch (RuntimeException e) {
            return new Verdict(Outcome.FAILS, "an unexpected " + e.getClass().getName());
        }
    }

    private Verdict judged(ClientFacts client, Facts.Request request, Instant now, Budget budget) {
        if (grant.isPresent() && client.isForwarded() && !namesForwarded()) {
            return new Verdict(Outcome.PASSES, "does not name authority: forwarded");
        }
        String unknown = "";
        for (MatchTerm term : terms) {
            Truth holds = term.holds(client, request);
            if (holds == Truth.FALSE) {
                return new Verdict(Outcome.PASSES, term.key() + " does not match");
            }
            unknown = holds == Truth.UNKNOWN ? term.key() : unknown;
        }
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (SetTerm set : sets) {
            SetTerm.Found found = set.find(client);
            if (found.truth() == Truth.FALSE) {
                return new Verdict(Outcome.PASSES, "not " + set.text());
            }
            unknown = found.truth() == Truth.UNKNOWN ? set.text() : unknown;
            found.row().ifPresent(row -> rows.put(set.row(), row));
        }
        if (!unknown.isEmpty()) {
            return ofUnknown("the evidence does not show " + unknown);
        }
        return decided(new Facts(client, request, now, rows, budget));
    }

    /**
     * Returns whether the rule names the authority {@code forwarded}. A client with only a summary is less certain, so a rule
     * must name it to allow it.
     */
    private boolean namesForwarded() {
        return terms.stream()
                .anyMatch(
                        term -> term instanceof MatchTerm.OfName name && name.attribute() == ClientAttribute.AUTHORITY);
    }

    private Verdict decided(Facts facts) {
        if (when.isPresent()) {
            Optional<Boolean> holds = when.get().holds(facts);
            if (holds.isEmpty()) {
                return ofUnknown("when depends on an attribute that the evidence does not show");
            }
            if (!holds.get()) {
                return new Verdict(Outcome.PASSES, "when is false");
            }
        }
        return grant.isPresent()
                ? new Verdict(Outcome.ALLOWS, "matches", facts.rows())
                : new Verdict(Outcome.DENIES, denial, facts.rows());
    }

    private Verdict ofUnknown(String reason) {
        return new Verdict(grant.isPresent() ? Outcome.PASSES : Outcome.DENIES, reason);
    }

    /** Returns whether it decides every request that another rule could decide. */
    boolean covers(Rule other) {
        return when.isEmpty()
                && (!shadow || other.shadow)
                && terms.stream().allMatch(term -> other.terms.stream().anyMatch(term::covers))
                && sets.stream()
                        .allMatch(set -> other.sets.stream()
                                .anyMatch(found ->
                                        found.set().equals(set.set()) && found.attribute() == set.attribute()));
    }
}
