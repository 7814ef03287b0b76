package dev.tokenservice.signing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The relying parties that verify with keys which somebody has uploaded there. A key has to be confirmed for each of them before it
 * signs in place of another.
 *
 * @param byAlgorithm their names, by the algorithm of their tokens
 */
public record UploadedParties(Map<String, List<String>> byAlgorithm) {

    /** Every relying party fetches the keys. */
    public static final UploadedParties NONE = new UploadedParties(Map.of());

    /** Takes the algorithm of the tokens of each, by its name. */
    public static UploadedParties of(Map<String, String> algorithms) {
        Map<String, List<String>> byAlgorithm = new TreeMap<>();
        new TreeMap<>(algorithms)
                .forEach((name, algorithm) -> byAlgorithm
                        .computeIfAbsent(algorithm, any -> new ArrayList<>())
                        .add(name));
        return new UploadedParties(byAlgorithm);
    }

    /** The relying parties for which any key of a ring was confirmed: they are known where no policy is. */
    static UploadedParties confirmedIn(KeyRing ring) {
        Map<String, TreeSet<String>> names = new TreeMap<>();
        ring.keys()
                .forEach(key -> names.computeIfAbsent(key.algorithm(), algorithm -> new TreeSet<>())
                        .addAll(key.confirmed().keySet()));
        Map<String, List<String>> byAlgorithm = new TreeMap<>();
        names.forEach((algorithm, all) -> byAlgorithm.put(algorithm, List.copyOf(all)));
        return new UploadedParties(byAlgorithm);
    }

    /** The names of those whose tokens are signed with an algorithm. */
    List<String> of(String algorithm) {
        return byAlgorithm.getOrDefault(algorithm, List.of());
    }

    /** Since when a key signs by its metadata: since its activation, or since its last confirmation where it waited for that. */
    Instant since(RingKey key) {
        Instant activates = key.activates().orElse(Instant.MAX);
        return missing(key).isEmpty()
                ? of(key.algorithm()).stream()
                        .map(name -> key.confirmed().getOrDefault(name, activates))
                        .filter(activates::isBefore)
                        .max(Instant::compareTo)
                        .orElse(activates)
                : activates;
    }

    /** Of these, the names of those for which a key was not confirmed. */
    List<String> missing(RingKey key) {
        return of(key.algorithm()).stream()
                .filter(name -> !key.confirmed().containsKey(name))
                .toList();
    }
}
