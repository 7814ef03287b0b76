package dev.tokenservice.mtls.x509;

import dev.tokenservice.mtls.files.UnusableFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * Certificate revocation lists, RFC 5280 section 5: whole ones, signed by the authority that issued the certificates. Lists
 * that are partial or indirect say so in a critical extension, and are refused.
 *
 * @param lists none where revocation is not checked
 */
public record RevocationLists(List<X509CRL> lists) {

    /** Nothing is revoked, because nobody is asked. */
    public static final RevocationLists NONE = new RevocationLists(List.of());

    private static final int CRL_SIGN = 6;

    /** Reads the lists in a file. */
    public static RevocationLists read(Path file) {
        List<X509CRL> lists = CertificateFile.revocationLists(file);
        for (X509CRL list : lists) {
            if (list.hasUnsupportedCriticalExtension() || hasCriticalExtension(list)) {
                throw new UnusableFileException(
                        file,
                        "holds a partial or indirect list of " + list.getIssuerX500Principal() + ": get the whole");
            }
        }
        return new RevocationLists(lists);
    }

    private static boolean hasCriticalExtension(X509CRL list) {
        return list.getCriticalExtensionOIDs() != null
                && !list.getCriticalExtensionOIDs().isEmpty();
    }

    /**
     * Why a certificate counts as revoked; empty where it does not.
     *
     * @param required whether a list of its issuer has to be there: for the client's certificate it has
     */
    Optional<String> refusal(X509Certificate certificate, X509Certificate issuer, boolean required, Instant now) {
        if (lists.isEmpty()) {
            return Optional.empty();
        }
        List<X509CRL> ofIssuer =
                lists.stream().filter(list -> isSignedBy(list, issuer)).toList();
        if (ofIssuer.isEmpty()) {
            return required
                    ? Optional.of("MTLS_CRL has no revocation list of " + issuer.getSubjectX500Principal())
                    : Optional.empty();
        }
        if (ofIssuer.stream().anyMatch(list -> list.isRevoked(certificate))) {
            return Optional.of("the revocation list of " + issuer.getSubjectX500Principal() + " names the certificate");
        }
        return ofIssuer.stream().anyMatch(list -> isCurrent(list, now))
                ? Optional.empty()
                : Optional.of("the revocation list of " + issuer.getSubjectX500Principal()
                        + " in MTLS_CRL is out of date: get its next issue");
    }

    /** The authorities whose lists are all out of date: clients of theirs are refused. */
    public List<String> outOfDate(Instant now) {
        Set<X500Principal> current = lists.stream()
                .filter(list -> isCurrent(list, now))
                .map(X509CRL::getIssuerX500Principal)
                .collect(Collectors.toSet());
        return lists.stream()
                .map(X509CRL::getIssuerX500Principal)
                .filter(issuer -> !current.contains(issuer))
                .distinct()
                .map(X500Principal::getName)
                .toList();
    }

    private static boolean isCurrent(X509CRL list, Instant now) {
        return list.getNextUpdate() == null || now.isBefore(list.getNextUpdate().toInstant());
    }

    private static boolean isSignedBy(X509CRL list, X509Certificate issuer) {
        boolean[] keyUsage = issuer.getKeyUsage();
        if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                || (keyUsage != null && !keyUsage[CRL_SIGN])) {
            return false;
        }
        try {
            list.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
