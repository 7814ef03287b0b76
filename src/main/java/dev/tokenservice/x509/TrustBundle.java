package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The authorities that clients' certificates must come from.
 *
 * @param roots the self-signed ones, where every chain must end
 * @param intermediates the others, which help to build chains and are believed no more than what clients send
 */
public record TrustBundle(List<X509Certificate> roots, List<X509Certificate> intermediates) {

    public static TrustBundle read(Path file, char[] password) {
        return of(CertificateFile.certificates(file, password), file, false);
    }

    /**
     * Makes a bundle of certificates that were read.
     *
     * @param file for messages
     * @param intermediatesAsAnchors whether a chain may end at an authority that another one signed
     */
    public static TrustBundle of(List<X509Certificate> all, Path file, boolean intermediatesAsAnchors) {
        for (X509Certificate certificate : all) {
            if (certificate.getBasicConstraints() < 0) {
                throw new UnusableFileException(
                        file,
                        "holds the certificate of " + certificate.getSubjectX500Principal() + ", which "
                                + (certificate.getVersion() == 1
                                        ? "is of version 1, and cannot say that it is an authority: remove it, "
                                                + "or have the authority issue it as version 3 (RFC 5280 section 6.1.4)"
                                        : "is not an authority (RFC 5280 section 4.2.1.9): remove it"));
            }
        }
        List<X509Certificate> roots = all.stream()
                .filter(one -> intermediatesAsAnchors || isSelfSigned(one))
                .distinct()
                .toList();
        if (roots.isEmpty()) {
            throw new UnusableFileException(file, "holds no self-signed certificate: add the root authority's");
        }
        return new TrustBundle(
                roots,
                all.stream().filter(one -> !roots.contains(one)).distinct().toList());
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        try {
            certificate.verify(certificate.getPublicKey());
            return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
