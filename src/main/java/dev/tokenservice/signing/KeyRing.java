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
 * The local signing keys as they were read at one moment. Which of them sign and which are published follows from the time.
 *
 * @param keys all keys, each once, by file name
 * @param revoked the ids of keys that neither sign nor are published, whether they are here or not
 * @param refused files that cannot be used
 * @param strays files with metadata of no key
 */
record KeyRing(List<RingKey> keys, Set<String> revoked, List<UnusableFileException> refused, List<Path> strays)
        implements Partial {

    static final KeyRing EMPTY = new KeyRing(List.of(), Set.of(), List.of(), List.of());

    /** A ring of one key that has no file. */
    static KeyRing of(SigningKey key) {
        return new KeyRing(
                List.of(new RingKey(key, Optional.empty(), Optional.empty(), Optional.empty())),
                Set.of(),
                List.of(),
                List.of());
    }

    /** A new key that nobody else has, for a service that runs alone and not for long. */
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
     * Has a file be one that can be used.
     *
     * @throws UnusableFileException where it is not
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

    /** The algorithms that there are keys for. */
    List<String> algorithms() {
        return SigningKey.ALGORITHMS.stream()
                .filter(algorithm -> keys(algorithm).findAny().isPresent())
                .toList();
    }

    /** What the keys are at a time, where every relying party fetches them. */
    RingView at(Instant now, KeyPeriods periods) {
        return at(now, periods, UploadedParties.NONE);
    }

    /**
     * What the keys are at a time.
     *
     * @param uploaded the relying parties that have to hold a key before it signs
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
