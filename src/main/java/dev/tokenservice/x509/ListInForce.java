package dev.tokenservice.x509;

import java.time.Instant;

/**
 * A list in force.
 *
 * @param confirmed when it was fetched, or found unchanged
 * @param staleFrom when it becomes too old
 */
public record ListInForce(Instant issued, Instant nextUpdate, Instant confirmed, Instant staleFrom) {}
