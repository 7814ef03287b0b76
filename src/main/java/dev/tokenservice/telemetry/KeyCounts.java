package dev.tokenservice.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The local keys of one algorithm.
 *
 * @param byState how many there are in each state
 * @param untilNext the time until the next change of a key that is decided
 * @param created when the key that signs was made, or its file last written
 * @param unconfirmed the age of the oldest key that signs, or is to, and lacks the confirmation of a relying party
 */
public record KeyCounts(
        String algorithm,
        Map<String, Long> byState,
        Optional<Duration> untilNext,
        Optional<Instant> created,
        Optional<Duration> unconfirmed) {}
