package dev.tokenservice.signing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The relying parties that verify tokens with uploaded keys. A key must be confirmed for each of them before it replaces
 * another.
 *
 * @param byAlgorithm their names, by the JWS algorithm of their tokens
 */
public record UploadedParties(Map<String, List<String>> byAlgorithm) {

    /** No relying party has uploaded keys. All fetch the keys. */
    public static final UploadedParties NONE = new UploadedParties(Map.of());

    /** Creates the relying parties from the algorithm of their tokens, by name. */
    public static UploadedParties of(Map<String, String> algorithms) {
        Map<String, List<String>> byAlgorithm = new TreeMap<>();
        new TreeMap<>(algorithms)
                .forEach((name, algorithm) -> byAlgorithm
                        .computeIfAbsent(algorithm, any -> new ArrayList<>())
                        .add(name));
        return new UploadedParties(byAlgorithm);
    }

    /** Returns the relying parties for which a key of the ring was confirmed. They are known without a policy. */
    static UploadedParties confirmedIn(KeyRing ring) {
        Map<String, TreeSet<String>> names = new TreeMap<>();
        ring.keys()
                .forEach(key -> names.computeIfAbsent(key.algorithm(), algorithm -> new TreeSet<>())
                        .addAll(key.confirmed().keySet()));
        Map<String, List<String>> byAlgorithm = new TreeMap<>();
        names.forEach((algorithm, all) -> byAlgorithm.put(algorithm, List.copyOf(all)));
        return new UploadedParties(byAlgorithm);
    }

    /** Returns the names of the relying parties whose tokens are signed with an algorithm. */
    List<String> of(String algorithm) {
        return byAlgorithm.getOrDefault(algorithm, List.of());
    }

    /** Returns since when a key signs: since its activation time, or its last confirmation if that was later. */
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

    /** Returns the names of the relying parties for which a key is not confirmed. */
    List<String> missing(RingKey key) {
        return of(key.algorithm()).stream()
                .filter(name -> !key.confirmed().containsKey(name))
                .toList();
    }
}
