package dev.tokenservice.signing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a key at one time.
 *
 * @param next the next state and its time; empty if the metadata decide none
 * @param unconfirmed the relying parties with uploaded keys that are not confirmed to hold it; empty for a key that will not
 *     sign
 */
public record KeyStatus(RingKey key, KeyState state, Optional<Change> next, List<String> unconfirmed) {

    /** A change of state at a known time. */
    public record Change(KeyState to, Instant at) {}
}
