package dev.tokenservice.signing;

import dev.tokenservice.files.Partial;
import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The local signing keys from one reading of the folder. The current time decides which keys sign and which are published.
 *
 * @param keys all keys, each once, by file name
 * @param revoked the ids of revoked keys, also of keys that are not in the ring
 * @param refused files that cannot be used
 * @param strays metadata files without a key
 */
record KeyRing(List<RingKey> keys, Set<String> revoked, List<UnusableFileException> refused, List<Path> strays)
        implements Partial {

    static final KeyRing EMPTY = new KeyRing(List.of(), Set.of(), List.of(), List.of());

    /** Returns a ring with one key that has no file. */
    static KeyRing of(SigningKey key) {
        return new KeyRing(
                List.of(new RingKey(key, Optional.empty(), Optional.empty(), Optional.empty())),
                Set.of(),
                List.of(),
                List.of());
    }

    /** Returns a ring with a new key in memory only. Replicas do not share it, and it is lost at shutdown. */
    static KeyRing generated(String algorithm, Optional<Provider> provider) {
        return of(SigningKey.generate(algorithm, provider));
    }

    @Override
    public List<String> problems() {
        return refused.stream()
                .map(problem -> String.valueOf(problem.getMessage()))
                .toList();
    }

    /**
     * Checks that a file can be used.
     *
     * @throws UnusableFileException if it cannot be used
     */
    void checkUse(Path file) {
        for (UnusableFileException problem : refused) {
            if (problem.file().equals(file)) {
                throw problem;
            }
        }
    }

    Stream<RingKey> keys(String algorithm) {
        return keys.stream().filter(key -> key.algorithm().equals(algorithm));
    }

    /** Returns the algorithms of the keys. */
    List<String> algorithms() {
        return SigningKey.ALGORITHMS.stream()
                .filter(algorithm -> keys(algorithm).findAny().isPresent())
                .toList();
    }

    /** Returns the states of the keys at a time, for relying parties that all fetch the keys. */
    RingView at(Instant now, KeyPeriods periods) {
        return at(now, periods, UploadedParties.NONE);
    }

    /**
     * Returns the states of the keys at a time.
     *
     * @param uploaded the relying parties that must hold a key before it signs
     */
    RingView at(Instant now, KeyPeriods periods, UploadedParties uploaded) {
        List<KeyTimeline> timelines = algorithms().stream()
                .map(algorithm -> new KeyTimeline(keys(algorithm).toList(), revoked, periods, uploaded, now))
                .toList();
        List<KeyStatus> found = timelines.stream()
                .flatMap(timeline -> timeline.statuses().stream())
                .toList();
        List<KeyStatus> byFile = keys.stream()
                .flatMap(
                        key -> found.stream().filter(status -> status.key().id().equals(key.id())))
                .toList();
        Instant until = timelines.stream()
                .flatMap(KeyTimeline::changes)
                .filter(now::isBefore)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        return new RingView(byFile, now, until);
    }
}
