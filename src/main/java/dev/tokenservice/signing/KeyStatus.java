package dev.tokenservice.signing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key at one moment.
 *
 * @param next which state comes next, and when, as far as its metadata say; empty where nothing is decided
 * @param unconfirmed the relying parties with uploaded keys that were not confirmed to hold it, where it signs, or is to
 */
public record KeyStatus(RingKey key, KeyState state, Optional<Change> next, List<String> unconfirmed) {

    /** A change of state that time brings. */
    public record Change(KeyState to, Instant at) {}
}
