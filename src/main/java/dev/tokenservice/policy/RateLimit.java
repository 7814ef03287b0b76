package dev.tokenservice.policy;

import java.time.Duration;

/**
 * How many tokens a client gets by one rule.
 *
 * @param tokens how many at once
 * @param per the time in which as many come back
 */
public record RateLimit(int tokens, Duration per) {}
