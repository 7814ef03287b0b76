package dev.tokenservice.x509;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The URLs that certificates name for their revocation lists (RFC 5280 section 4.2.1.13), as far as the policy names their hosts.
 * Anybody who gets a certificate of the authority has some influence on them: their number is bounded, and those that no certificate
 * has named for long are forgotten. Safe for use by many threads.
 */
final class DistributionPoints {

    static final int MAX_URLS = 64;

    private static final int MAX_OF_A_CERTIFICATE = 4;

    private final Set<String> hosts;
    private final Duration remembered;
    private final Map<URI, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(X509Certificate issuer, Instant last) {}

    DistributionPoints(Set<String> hosts, Duration remembered) {
        this.hosts = Set.copyOf(hosts);
        this.remembered = remembered;
    }

    boolean mayBeAt(URI url) {
        return hosts.contains(url.getHost().toLowerCase(Locale.ROOT));
    }

    /** Returns those of a certificate that may be fetched. */
    List<URI> of(X509Certificate certificate) {
        if (hosts.isEmpty()) {
            return List.of();
        }
        return CrlScope.urls(certificate)
                .flatMap(text -> FetchSettings.url(text).stream())
                .filter(this::mayBeAt)
                .limit(MAX_OF_A_CERTIFICATE)
                .toList();
    }

    /**
     * Notes that a certificate with a valid path names them.
     *
     * @return those that nobody has named before, and for which there is room
     */
    synchronized Set<URI> note(X509Certificate certificate, X509Certificate issuer, Instant now) {
        Set<URI> added = new HashSet<>();
        for (URI url : of(certificate)) {
            if (seen.containsKey(url) || seen.size() < MAX_URLS) {
                if (seen.put(url, new Seen(issuer, now)) == null) {
                    added.add(url);
                }
            }
        }
        return added;
    }

    /** Returns whether further URLs are not fetched. */
    boolean isFull() {
        return seen.size() >= MAX_URLS;
    }

    /**
     * Returns the CA that has issued the certificates which name a URL: its list is there, whether the policy has the CA or
     * not.
     */
    Optional<X509Certificate> issuer(URI url) {
        return Optional.ofNullable(seen.get(url)).map(Seen::issuer);
    }

    /** Forgets those that no certificate has named for long, and returns them. */
    synchronized Set<URI> forget(Instant now) {
        Set<URI> forgotten = new HashSet<>();
        seen.forEach((url, last) -> {
            if (last.last().plus(remembered).isBefore(now)) {
                forgotten.add(url);
            }
        });
        forgotten.forEach(seen::remove);
        return forgotten;
    }

    /** Takes over what an earlier version of the policy has seen, as far as this one allows it; returns the URLs. */
    synchronized Set<URI> follow(DistributionPoints before) {
        before.seen.forEach((url, last) -> {
            if (mayBeAt(url) && seen.size() < MAX_URLS) {
                seen.putIfAbsent(url, last);
            }
        });
        return Set.copyOf(seen.keySet());
    }
}
