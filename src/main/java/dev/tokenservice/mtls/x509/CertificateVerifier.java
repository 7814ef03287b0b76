package dev.tokenservice.mtls.x509;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenservice.mtls.files.Expiring;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies client certificates: chain, validity, purpose and path length as in RFC 5280 section 6, and revocation. One that
 * passed is not verified again for a minute, as clients ask often and signatures cost time. Immutable but for that; made anew
 * when the bundle or the revocation lists change.
 */
public final class CertificateVerifier implements Expiring {

    /** How far a client's authority may be ahead of this clock: for the start of the validity only. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MAX_REMEMBERED = 1000;
    private static final int MAX_PRESENTED = 8;
    private static final int MAX_INTERMEDIATES = 4;
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_AGREEMENT = 4;

    private final TrustBundle bundle;
    private final RevocationLists revoked;
    private final Clock clock;
    private final Cache<List<X509Certificate>, Boolean> passed;

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

    /**
     * Verifies a certificate.
     *
     * @param presented the client's certificate, and after it what came along to build its chain
     * @throws OAuthException {@code invalid_client} when it is not to be trusted
     */
    public void verify(List<X509Certificate> presented) {
        if (passed.getIfPresent(presented) != null) {
            return;
        }
        X509Certificate leaf = presented.get(0);
        Instant now = clock.instant();
        checkValidity(leaf, now);
        checkPurpose(leaf);
        List<X509Certificate> path = path(presented, leaf, now);
        for (int i = 0; i < path.size() - 1; i++) {
            checkRevocation(path.get(i), path.get(i + 1), i == 0, now);
        }
        passed.put(List.copyOf(presented), true);
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
        boolean[] usage = leaf.getKeyUsage();
        if (!allowsClients(leaf) || (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[KEY_AGREEMENT])) {
            throw refused("the client certificate is not meant for client authentication")
                    .withDetail(
                            "its key usage or extended key usage (RFC 5280 sections 4.2.1.3 and 4.2.1.12) excludes it: "
                                    + "issue it for clientAuth");
        }
    }

    /** Without the extension a certificate serves any purpose. An authority's purposes bind those below it. */
    private static boolean allowsClients(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null || purposes.contains(CLIENT_AUTHENTICATION) || purposes.contains(ANY_PURPOSE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private List<X509Certificate> path(List<X509Certificate> presented, X509Certificate leaf, Instant now) {
        if (presented.size() > MAX_PRESENTED) {
            throw refused("the chain of the client certificate is too long")
                    .withDetail("more than " + MAX_PRESENTED + " certificates came with the request");
        }
        try {
            return chain((PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters(presented, leaf, now)));
        } catch (CertPathBuilderException e) {
            throw refused("the client certificate was not issued by a trusted authority")
                    .withDetail("no valid chain from " + leaf.getIssuerX500Principal()
                            + " to a root of MTLS_TRUST_BUNDLE: send the intermediate certificates, or add the root")
                    .withCause(e);
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("every JDK has PKIX", e);
        }
    }

    private PKIXBuilderParameters parameters(List<X509Certificate> presented, X509Certificate leaf, Instant now)
            throws InvalidAlgorithmParameterException, NoSuchAlgorithmException {
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        List<X509Certificate> candidates = new ArrayList<>(presented);
        candidates.addAll(bundle.intermediates());
        candidates.removeIf(candidate -> !allowsClients(candidate));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(bundle.anchors(), target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(candidates)));
        parameters.setMaxPathLength(MAX_INTERMEDIATES);
        // Revocation is looked at afterwards, so that a refusal can say what it was.
        parameters.setRevocationEnabled(false);
        Instant start = leaf.getNotBefore().toInstant();
        parameters.setDate(Date.from(start.isAfter(now) ? start : now));
        return parameters;
    }

    /** From the client's certificate to the root. */
    private static List<X509Certificate> chain(PKIXCertPathBuilderResult result) {
        List<X509Certificate> chain = new ArrayList<>();
        result.getCertPath().getCertificates().forEach(certificate -> chain.add((X509Certificate) certificate));
        chain.add(result.getTrustAnchor().getTrustedCert());
        return chain;
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
