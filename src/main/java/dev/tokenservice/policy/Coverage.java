package dev.tokenservice.policy;

import java.util.List;
import java.util.Optional;

/** Finds the rules that never decide, because an earlier one decides whatever they could. */
final class Coverage {

    /** Thousands of rules, each compared with all before it, would keep a new policy out of force for minutes. */
    private static final int MOST = 500_000;

    private long left = MOST;

    /** The first of the earlier rules that covers a rule, as far as rules are compared. */
    Optional<Rule> of(Rule rule, List<Rule> earlier) {
        for (Rule other : earlier) {
            left -= (long) rule.size() * other.size();
            if (isIncomplete()) {
                return Optional.empty();
            }
            if (other.covers(rule)) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    /** Whether there were too many values to compare all. */
    boolean isIncomplete() {
        return left < 0;
    }
}
