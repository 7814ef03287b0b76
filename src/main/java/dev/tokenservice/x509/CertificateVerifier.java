package dev.tokenservice.x509;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.tokenservice.files.Expiring;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verifies where client certificates come from: chain, purpose and path length as in RFC 5280 section 6, and revocation. One
 * that passed is not verified again for a minute, as clients ask often and signatures cost time. Immutable but for that; made
 * again when the bundle or the revocation lists change.
 *
 * <p>Whether the client's own certificate is valid now is not looked at here, as it must be for certificates that others
 * verified, too.
 */
public final class CertificateVerifier implements Expiring {

    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MAX_REMEMBERED = 1000;

    private static final String NOT_FOR_CLIENTS = "the client certificate is not meant for client authentication";

    private final TrustBundle bundle;
    private final Supplier<RevocationLists> revoked;
    private final BiConsumer<X509Certificate, X509Certificate> seen;
    private final Clock clock;

    /** By fingerprints: a client chooses what it sends along, and a thousand chains at their longest are a lot of memory. */
    private final Cache<List<String>, Boolean> passed;

    public CertificateVerifier(TrustBundle bundle, RevocationLists revoked, Clock clock) {
        this(bundle, revoked, clock, Ticker.systemTicker());
    }

    /** Takes lists that change: what {@link #verify} has passed would be remembered for longer. */
    public CertificateVerifier(TrustBundle bundle, FetchedLists fetched, Clock clock) {
        this(bundle, fetched, fetched::seen, clock, Ticker.systemTicker());
    }

    CertificateVerifier(TrustBundle bundle, RevocationLists revoked, Clock clock, Ticker ticker) {
        this(bundle, () -> revoked, (certificate, issuer) -> {}, clock, ticker);
    }

    private CertificateVerifier(
            TrustBundle bundle,
            Supplier<RevocationLists> revoked,
            BiConsumer<X509Certificate, X509Certificate> seen,
            Clock clock,
            Ticker ticker) {
        this.bundle = bundle;
        this.revoked = revoked;
        this.seen = seen;
        this.clock = clock;
        this.passed = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .ticker(ticker)
                .build();
    }

    @Override
    public Map<String, Instant> expiries() {
        return Expiries.of(bundle, revoked.get());
    }

    /** Returns the authorities that clients' certificates must come from. */
    public TrustBundle bundle() {
        return bundle;
    }

    /** Returns the revocation lists that are out of date, by their issuers. */
    public List<String> listsOutOfDate() {
        return revoked.get().outOfDate(clock.instant());
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
     * @throws RefusedException {@code invalid_client} when it is not to be trusted
     */
    public void verify(List<X509Certificate> presented) {
        List<String> fingerprints =
                presented.stream().map(CertificateAttributes::sha256).toList();
        if (passed.getIfPresent(fingerprints) != null) {
            return;
        }
        checkClient(presented);
        validPath(presented);
        passed.put(fingerprints, true);
    }

    /**
     * Finds the path of a client's certificate that {@link #checkClient} accepts, and validates it, whether it was before or not.
     *
     * @return from the client's certificate to the anchor
     * @throws RefusedException {@code invalid_client} when there is none
     */
    public List<X509Certificate> validPath(List<X509Certificate> presented) {
        X509Certificate leaf = presented.get(0);
        Instant now = clock.instant();
        checkPurpose(leaf);
        Instant start = leaf.getNotBefore().toInstant();
        List<X509Certificate> path = CertificationPath.find(bundle, presented, start.isAfter(now) ? start : now);
        for (int i = 0; i < path.size() - 1; i++) {
            seen.accept(path.get(i), path.get(i + 1));
        }
        for (int i = 0; i < path.size() - 1; i++) {
            checkRevocation(path.get(i), path.get(i + 1), i == 0, now);
        }
        return path;
    }

    /** Why a certificate is refused that none of several authorities can have issued, by their names. */
    public static Refusal refusalOfStranger(List<X509Certificate> presented) {
        try {
            checkPurpose(presented.get(0));
            CertificationPath.find(new TrustBundle(List.of(), List.of()), presented, Instant.EPOCH);
        } catch (RefusedException e) {
            return e.refusal()
                    .withDetail(e.refusal()
                            .detail()
                            .orElse("")
                            .replace("MTLS_TRUST_BUNDLE", "any trustBundle of the policy"));
        }
        throw new IllegalStateException("without a root there is no path");
    }

    /**
     * Checks what must hold for every client certificate, also if a proxy verified it: it has the only encoding, is not an
     * authority's, and its key
     * may prove who the client is, and is not weak.
     *
     * @param presented the client's certificate, and after it what came along
     * @throws RefusedException {@code invalid_client} when it is not fit for a client
     */
    public static void checkClient(List<X509Certificate> presented) {
        checkForm(presented);
        checkClient(presented.get(0));
    }

    private static void checkClient(X509Certificate leaf) {
        if (Purpose.isAuthority(leaf)) {
            throw Refusal.because(ReasonCode.WRONG_PURPOSE, NOT_FOR_CLIENTS)
                    .detail("it is the certificate of an authority (basicConstraints CA, or key usage "
                            + "keyCertSign or cRLSign): issue an end-entity certificate to the client")
                    .exception();
        }
        if (!Purpose.allowsProof(leaf)) {
            throw Refusal.because(ReasonCode.WRONG_PURPOSE, NOT_FOR_CLIENTS)
                    .detail("its key usage (RFC 5280 section 4.2.1.3) excludes clients: issue it with "
                            + "digitalSignature")
                    .exception();
        }
        Optional<String> weakness = Strength.weakness(leaf.getPublicKey());
        if (weakness.isPresent()) {
            throw Refusal.because(
                            ReasonCode.WEAK,
                            "the client certificate, or one of its authorities, is too weak to be trusted")
                    .detail("the client certificate, " + QuotedName.subject(leaf) + ", has " + weakness.get()
                            + ": issue a new one")
                    .exception();
        }
    }

    private static void checkForm(List<X509Certificate> presented) {
        try {
            CanonicalForm.check(presented);
        } catch (MalformedCertificateException e) {
            throw Refusal.because(
                            ReasonCode.NOT_VERIFIED, "the client certificate, or one that came with it, is malformed")
                    .detail(String.valueOf(e.getMessage()))
                    .cause(e)
                    .exception();
        }
    }

    private static void checkPurpose(X509Certificate leaf) {
        if (!Purpose.allowsClients(leaf)) {
            throw Refusal.because(ReasonCode.WRONG_PURPOSE, NOT_FOR_CLIENTS)
                    .detail("its extended key usage (RFC 5280 section 4.2.1.12) excludes clients: issue it with "
                            + "clientAuth")
                    .exception();
        }
    }

    private void checkRevocation(X509Certificate certificate, X509Certificate issuer, boolean required, Instant now) {
        Optional<Refusal> refusal = revoked.get().refusal(certificate, issuer, required, now);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }
}
