package dev.tokenservice.configuration;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Names of environment variables that were probably meant to be one of ours: a misspelt one would be ignored silently. */
public final class NearMisses {

    /** Shorter names are near to everything. */
    private static final int MINIMUM_LENGTH = 6;

    private static final List<String> OUR_PREFIXES = List.of("MTLS_HEADER_", "WORKLOAD_IDENITY_", "WORKLOAD_IDENTITY_");

    private final Set<String> known;

    public NearMisses(Set<String> known) {
        this.known = Set.copyOf(known);
    }

    /** Each such name, with the one that was probably meant. */
    public SortedMap<String, String> among(Collection<String> names) {
        SortedMap<String, String> misses = new TreeMap<>();
        for (String name : names) {
            if (!known.contains(name)) {
                nearest(name.toUpperCase(Locale.ROOT)).ifPresent(near -> misses.put(name, near));
            }
        }
        return misses;
    }

    private Optional<String> nearest(String name) {
        if (name.length() < MINIMUM_LENGTH) {
            return Optional.empty();
        }
        int mistakes = OUR_PREFIXES.stream().anyMatch(name::startsWith)
                ? name.length()
                : name.length() >= Suggestion.LENGTH_OF_TWO_MISTAKES ? 2 : 1;
        return Suggestion.misspelt(known, UnaryOperator.identity(), name, mistakes);
    }
}
