package dev.tokenservice.mtls.x509;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The way from a client's certificate to a root of the trust bundle, RFC 5280 section 6.
 *
 * <p>The JDK takes a root for a name and a key. Here what a root says of itself binds those below it, too (RFC 5937): its
 * validity, path length, name constraints and purposes.
 */
final class CertificationPath {

    private static final int MAX_PRESENTED = 8;
    private static final int MAX_INTERMEDIATES = 4;

    private final TrustBundle bundle;
    private final List<X509Certificate> presented;
    private final X509Certificate leaf;
    private final Date date;

    private CertificationPath(TrustBundle bundle, List<X509Certificate> presented, Date date) {
        this.bundle = bundle;
        this.presented = presented;
        this.leaf = presented.get(0);
        this.date = date;
    }

    /**
     * Finds a path, and validates it.
     *
     * @param presented the client's certificate, and after it what came along, in any order
     * @return from the client's certificate to the root
     * @throws OAuthException {@code invalid_client} when there is none
     */
    static List<X509Certificate> find(TrustBundle bundle, List<X509Certificate> presented, Instant at) {
        if (presented.size() > MAX_PRESENTED) {
            throw refused("the chain of the client certificate is too long")
                    .withDetail("more than " + MAX_PRESENTED + " certificates came with the request");
        }
        return new CertificationPath(bundle, presented, Date.from(at)).find();
    }

    private List<X509Certificate> find() {
        try {
            List<X509Certificate> path = build();
            validateWithRoot(path);
            checkStrength(path);
            return path;
        } catch (CertPathBuilderException e) {
            throw refused("the client certificate was not issued by a trusted authority")
                    .withDetail("no valid chain from " + leaf.getIssuerX500Principal()
                            + " to a root of MTLS_TRUST_BUNDLE: send the intermediate certificates, or add the root")
                    .withCause(e);
        } catch (CertPathValidatorException e) {
            throw refused("the client certificate was not issued by a trusted authority")
                    .withDetail("its chain breaks a constraint: " + e.getMessage())
                    .withCause(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PKIX and X.509", e);
        }
    }

    private List<X509Certificate> build() throws GeneralSecurityException {
        PKIXCertPathBuilderResult result =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters());
        List<X509Certificate> path = new ArrayList<>();
        result.getCertPath().getCertificates().forEach(certificate -> path.add((X509Certificate) certificate));
        path.add(result.getTrustAnchor().getTrustedCert());
        return path;
    }

    private PKIXBuilderParameters parameters() throws InvalidAlgorithmParameterException, NoSuchAlgorithmException {
        Set<TrustAnchor> anchors = bundle.roots().stream()
                .filter(Purpose::allowsClients)
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toUnmodifiableSet());
        if (anchors.isEmpty()) {
            throw refused("the client certificate was not issued by a trusted authority")
                    .withDetail("no root of MTLS_TRUST_BUNDLE is meant for clients");
        }
        List<X509Certificate> candidates = new ArrayList<>(presented);
        candidates.addAll(bundle.intermediates());
        candidates.removeIf(candidate -> !Purpose.allowsClients(candidate));
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(candidates)));
        parameters.setMaxPathLength(MAX_INTERMEDIATES);
        // Revocation is looked at afterwards, so that a refusal can say what it was.
        parameters.setRevocationEnabled(false);
        parameters.setDate(date);
        return parameters;
    }

    /** The same path once more, with the root as the first certificate in it, below its own name and key. */
    private void validateWithRoot(List<X509Certificate> path) throws GeneralSecurityException {
        X509Certificate root = path.get(path.size() - 1);
        TrustAnchor anchor = new TrustAnchor(root.getSubjectX500Principal(), root.getPublicKey(), null);
        PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
        parameters.setRevocationEnabled(false);
        parameters.setDate(date);
        CertPathValidator.getInstance("PKIX").validate(CertificateFile.factory().generateCertPath(path), parameters);
    }

    private static void checkStrength(List<X509Certificate> path) {
        for (X509Certificate certificate : path) {
            boolean isRoot = certificate.equals(path.get(path.size() - 1));
            Strength.weakness(certificate, isRoot).ifPresent(weakness -> {
                throw refused("the client certificate, or one of its authorities, is too weak to be trusted")
                        .withDetail("the certificate of " + certificate.getSubjectX500Principal() + " has " + weakness);
            });
        }
    }

    private static OAuthException refused(String description) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, description);
    }
}
