package dev.tokenservice.configuration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Names of environment variables that were probably meant to be one of ours: a misspelt one would be ignored silently. */
public final class NearMisses {

    /** Shorter names are near to everything. */
    private static final int MINIMUM_LENGTH = 6;

    private static final int LENGTH_OF_TWO_MISTAKES = 12;
    private static final List<String> OUR_PREFIXES = List.of("MTLS_HEADER_", "WORKLOAD_IDENITY_", "WORKLOAD_IDENTITY_");

    private NearMisses() {}

    /** A warning for each such name, with the names that there are. */
    public static List<String> warnings(Collection<String> names) {
        Set<String> known = Variables.names();
        List<String> warnings = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            if (!known.contains(name)) {
                nearest(name.toUpperCase(Locale.ROOT), known)
                        .ifPresent(near -> warnings.add("the environment variable " + name
                                + " is not known and has no effect: did you mean " + near + "?"));
            }
        }
        return warnings;
    }

    private static Optional<String> nearest(String name, Set<String> known) {
        if (name.length() < MINIMUM_LENGTH) {
            return Optional.empty();
        }
        int mistakes = OUR_PREFIXES.stream().anyMatch(name::startsWith)
                ? name.length()
                : name.length() >= LENGTH_OF_TWO_MISTAKES ? 2 : 1;
        LevenshteinDistance distance = new LevenshteinDistance(mistakes);
        return known.stream()
                .sorted()
                .filter(candidate -> distance.apply(name, candidate) >= 0)
                .min((one, other) -> Integer.compare(distance.apply(name, one), distance.apply(name, other)));
    }
}
