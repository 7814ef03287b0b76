package dev.tokenservice.signing;

import java.time.Instant;
import java.util.Optional;

/**
 * A key at one moment.
 *
 * @param next which state comes next, and when, as far as its metadata say; empty where nothing is decided
 */
public record KeyStatus(RingKey key, KeyState state, Optional<Change> next) {

    /** A change of state that time brings. */
    public record Change(KeyState to, Instant at) {}
}
