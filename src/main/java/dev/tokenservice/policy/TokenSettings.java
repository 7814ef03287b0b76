package dev.tokenservice.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings of tokens that a policy stands beside.
 *
 * @param audiences for whom tokens are made where the policy does not say so
 * @param issuer the {@code iss}, where it is set
 * @param algorithm what tokens are signed with where nobody asks for another
 * @param algorithms those of which there is a key; may read files
 * @param rotatedByGoogle whether Google has the keys, and rotates them
 */
public record TokenSettings(
        Audiences audiences,
        Optional<String> issuer,
        String algorithm,
        Supplier<List<String>> algorithms,
        boolean rotatedByGoogle) {

    /** For a policy that is read without a configuration. */
    public static final TokenSettings UNKNOWN = ofAlgorithm("RS256");

    /** The same, for tokens that are signed with an algorithm where nobody asks for another. */
    static TokenSettings ofAlgorithm(String algorithm) {
        return new TokenSettings(
                Audiences.UNKNOWN, Optional.empty(), algorithm, () -> List.of("RS256", "ES256"), false);
    }
}
