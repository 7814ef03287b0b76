package dev.tokenservice.policy;

import java.util.Set;

/**
 * The proxies that forward certificates of their clients on the TLS port. Their own certificate identifies them.
 *
 * @param authority the authority that vouches for them
 * @param names SPIFFE IDs and DNS names; the certificate of a proxy has one of them
 */
public record Proxies(String authority, Set<String> names) {}
