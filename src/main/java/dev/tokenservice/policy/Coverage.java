package dev.tokenservice.policy;

import java.util.List;
import java.util.Optional;

/** Finds rules that never decide, because an earlier rule decides all their requests. */
final class Coverage {

    /** The largest number of compared values. Without a limit, thousands of rules would delay a new policy by minutes. */
    private static final int MOST = 500_000;

    private long left = MOST;

    /** Returns the first earlier rule that covers a rule, within the limit of comparisons. */
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

    /** Returns whether the limit was reached, so that not all rules were compared. */
    boolean isIncomplete() {
        return left < 0;
    }
}
