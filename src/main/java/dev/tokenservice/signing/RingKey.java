package dev.tokenservice.signing;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A key of the ring, with its file, its metadata, and when this process first saw it.
 *
 * @param file its file; empty for a key that was made at start-up
 * @param metadata the content of its metadata file; empty if there is none
 * @param firstSeen when this process first saw the key; empty if it existed at start-up
 */
record RingKey(SigningKey key, Optional<Path> file, Optional<KeyMetadata> metadata, Optional<Instant> firstSeen) {

    String id() {
        return key.id();
    }

    String algorithm() {
        return key.algorithm().getId();
    }

    /**
     * Returns when the key was created, or when its file was last written if that is unknown; empty for a key that was made
     * at start-up.
     */
    Optional<Instant> created() {
        return metadata.map(KeyMetadata::created).or(key::written);
    }

    Optional<Instant> activates() {
        return metadata.flatMap(KeyMetadata::activates);
    }

    /** Returns the relying parties that are confirmed to hold the key, each with the time of the confirmation. */
    SortedMap<String, Instant> confirmed() {
        return metadata.map(KeyMetadata::confirmed).orElseGet(Collections::emptySortedMap);
    }
}
