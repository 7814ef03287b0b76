package dev.tokenservice.policy;

import java.util.Set;

/**
 * The proxies that speak for their clients on the TLS port, known by their own certificate.
 *
 * @param authority the authority that vouches for them
 * @param names SPIFFE IDs and DNS names, one of which each of them has
 */
public record Proxies(String authority, Set<String> names) {}
