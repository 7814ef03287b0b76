package dev.tokenservice.policy;

import java.util.List;
import java.util.Optional;

/**
 * What became of a case.
 *
 * @param decision {@code allow} or {@code deny}
 * @param rule that decided; {@code none} where none did
 * @param differences from what is expected
 */
public record CaseResult(
        String name, String decision, String rule, Optional<String> subject, List<String> differences) {

    public boolean passed() {
        return differences.isEmpty();
    }
}
