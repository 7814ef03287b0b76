package dev.tokenservice.policy;

import java.time.Duration;

/**
 * The rate limit of a rule for each client: a token bucket.
 *
 * @param tokens the size of the bucket
 * @param per the time in which an empty bucket fills up
 */
public record RateLimit(int tokens, Duration per) {}
