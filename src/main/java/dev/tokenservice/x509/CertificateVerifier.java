package dev.tokenservice.x509;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenservice.files.Expiring;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verifies client certificates: chain, validity, purpose and path length as in RFC 5280 section 6, and revocation. One that
 * passed is not verified again for a minute, but for its validity, as clients ask often and signatures cost time. Immutable
 * but for that; made anew when the bundle or the revocation lists change.
 */
public final class CertificateVerifier implements Expiring {

    /** How far a client's authority may be ahead of this clock: for the start of the validity only. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MAX_REMEMBERED = 1000;

    private static final String NOT_FOR_CLIENTS = "the client certificate is not meant for client authentication";

    private final TrustBundle bundle;
    private final RevocationLists revoked;
    private final Clock clock;

    /** By fingerprints: a client chooses what it sends along, and a thousand chains at their longest are a lot of memory. */
    private final Cache<List<String>, Boolean> passed;

    public CertificateVerifier(TrustBundle bundle, RevocationLists revoked, Clock clock) {
        this.bundle = bundle;
        this.revoked = revoked;
        this.clock = clock;
        this.passed = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .build();
    }

    @Override
    public Map<String, Instant> expiries() {
        return Expiries.of(bundle, revoked);
    }

    /** The names of the authorities in the bundle. */
    public Set<DistinguishedName> authorities() {
        return Stream.concat(bundle.roots().stream(), bundle.intermediates().stream())
                .map(authority -> DistinguishedName.of(authority.getSubjectX500Principal()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Verifies a certificate.
     *
     * @param presented the client's certificate, and after it what came along to build its chain
     * @throws OAuthException {@code invalid_client} when it is not to be trusted
     */
    public void verify(List<X509Certificate> presented) {
        X509Certificate leaf = presented.get(0);
        Instant now = clock.instant();
        checkForm(presented);
        checkValidity(leaf, now);
        List<String> fingerprints =
                presented.stream().map(CertificateAttributes::sha256).toList();
        if (passed.getIfPresent(fingerprints) != null) {
            return;
        }
        checkClient(leaf);
        checkPurpose(leaf);
        Instant start = leaf.getNotBefore().toInstant();
        List<X509Certificate> path = CertificationPath.find(bundle, presented, start.isAfter(now) ? start : now);
        for (int i = 0; i < path.size() - 1; i++) {
            checkRevocation(path.get(i), path.get(i + 1), i == 0, now);
        }
        passed.put(fingerprints, true);
    }

    /**
     * Checks what holds for a client's certificate whoever verified it: it is no authority's, its key may prove who the client is,
     * and is not weak.
     *
     * @throws OAuthException {@code invalid_client} when it is not fit for a client
     */
    public static void checkClient(X509Certificate leaf) {
        if (Purpose.isAuthority(leaf)) {
            throw refused(NOT_FOR_CLIENTS)
                    .withDetail(
                            "it is an authority's: its basicConstraints say CA, or its key usage has keyCertSign or cRLSign; "
                                    + "issue one without to the client");
        }
        if (!Purpose.allowsProof(leaf)) {
            throw refused(NOT_FOR_CLIENTS)
                    .withDetail("its key usage (RFC 5280 section 4.2.1.3) excludes it: issue it with digitalSignature");
        }
        Strength.weakness(leaf.getPublicKey()).ifPresent(weakness -> {
            throw refused("the client certificate, or one of its authorities, is too weak to be trusted")
                    .withDetail(
                            "the client certificate, " + Names.subject(leaf) + ", has " + weakness + ": issue it anew");
        });
    }

    private static void checkForm(List<X509Certificate> presented) {
        try {
            CanonicalForm.check(presented);
        } catch (MalformedCertificateException e) {
            throw refused("the client certificate, or one that came with it, is malformed")
                    .withDetail(String.valueOf(e.getMessage()))
                    .withCause(e);
        }
    }

    private static void checkValidity(X509Certificate leaf, Instant now) {
        if (leaf.getNotBefore().toInstant().isAfter(now.plus(CLOCK_SKEW))) {
            throw refused("the client certificate is not valid yet")
                    .withDetail("it is valid from " + leaf.getNotBefore().toInstant());
        }
        if (!leaf.getNotAfter().toInstant().isAfter(now)) {
            throw refused("the client certificate is expired: renew it")
                    .withDetail("it was valid until " + leaf.getNotAfter().toInstant());
        }
    }

    private static void checkPurpose(X509Certificate leaf) {
        if (!Purpose.allowsClients(leaf)) {
            throw refused(NOT_FOR_CLIENTS)
                    .withDetail(
                            "its extended key usage (RFC 5280 section 4.2.1.12) excludes it: issue it for clientAuth");
        }
    }

    private void checkRevocation(X509Certificate certificate, X509Certificate issuer, boolean required, Instant now) {
        Optional<String> refusal = revoked.refusal(certificate, issuer, required, now);
        if (refusal.isPresent()) {
            throw refused("the client certificate is revoked, or it cannot be told whether it is")
                    .withDetail(refusal.get());
        }
    }

    private static OAuthException refused(String description) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, description);
    }
}
