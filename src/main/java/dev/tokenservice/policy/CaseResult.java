package dev.tokenservice.policy;

import java.util.List;
import java.util.Optional;

/**
 * The result of a policy case.
 *
 * @param decision {@code allow} or {@code deny}
 * @param rule the rule that decided, or {@code none}
 * @param differences a line for each difference from the expectation; empty if the case passed
 */
public record CaseResult(
        String name, String decision, String rule, Optional<String> subject, List<String> differences) {

    /** Returns whether there are no differences. */
    public boolean passed() {
        return differences.isEmpty();
    }
}
