package dev.tokenservice.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings of tokens beside a policy.
 *
 * @param audiences the audiences if the policy names no relying parties
 * @param issuer the {@code iss}; empty if {@code TOKEN_ISSUER} is not set
 * @param algorithm the default JWS algorithm
 * @param algorithms returns the algorithms with a key; may read files
 * @param rotatedByGoogle whether Google holds and rotates the keys
 */
public record TokenSettings(
        Audiences audiences,
        Optional<String> issuer,
        String algorithm,
        Supplier<List<String>> algorithms,
        boolean rotatedByGoogle) {

    /** The settings without a configuration. */
    public static final TokenSettings UNKNOWN = ofAlgorithm("RS256");

    /** Returns settings without a configuration, with a default algorithm. */
    static TokenSettings ofAlgorithm(String algorithm) {
        return new TokenSettings(
                Audiences.UNKNOWN, Optional.empty(), algorithm, () -> List.of("RS256", "ES256"), false);
    }
}
