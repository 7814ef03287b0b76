package dev.tokenservice.configuration;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Names of environment variables that were probably meant to be one of ours: a misspelt one would be ignored silently. */
public final class NearMisses {

    /** Shorter names are near to everything. */
    private static final int MINIMUM_LENGTH = 6;

    private static final int LENGTH_OF_TWO_MISTAKES = 12;
    private static final List<String> OUR_PREFIXES = List.of("MTLS_HEADER_", "WORKLOAD_IDENITY_", "WORKLOAD_IDENTITY_");

    private NearMisses() {}

    /** Each such name, with the one that was probably meant. */
    public static SortedMap<String, String> among(Collection<String> names) {
        Set<String> known = Variables.names();
        SortedMap<String, String> misses = new TreeMap<>();
        for (String name : names) {
            if (!known.contains(name)) {
                nearest(name.toUpperCase(Locale.ROOT), known).ifPresent(near -> misses.put(name, near));
            }
        }
        return misses;
    }

    /** A warning for each such name, with the names that there are. */
    public static List<String> warnings(Collection<String> names) {
        return among(names).entrySet().stream()
                .map(miss -> "the environment variable " + miss.getKey()
                        + " is not known and has no effect: did you mean " + miss.getValue() + "?")
                .toList();
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
