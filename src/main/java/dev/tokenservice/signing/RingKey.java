package dev.tokenservice.signing;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A key of the ring, with what its folder and this process know of it.
 *
 * @param file where it was read; empty for a key that was made at start
 * @param metadata what the file beside it says; empty where there is none
 * @param firstSeen when this process saw the key first; empty where it was there at the start
 */
record RingKey(SigningKey key, Optional<Path> file, Optional<KeyMetadata> metadata, Optional<Instant> firstSeen) {

    String id() {
        return key.id();
    }

    String algorithm() {
        return key.algorithm().getId();
    }

    /** When the key was made, or else its file written last; empty for a key that was made at start. */
    Optional<Instant> created() {
        return metadata.map(KeyMetadata::created).or(key::written);
    }

    Optional<Instant> activates() {
        return metadata.flatMap(KeyMetadata::activates);
    }

    /** The relying parties that were confirmed to hold the key, each with the time. */
    SortedMap<String, Instant> confirmed() {
        return metadata.map(KeyMetadata::confirmed).orElseGet(Collections::emptySortedMap);
    }
}
