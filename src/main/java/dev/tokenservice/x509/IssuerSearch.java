package dev.tokenservice.x509;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Which certificates are of the authority that issued another one: those of its name whose key made the signature. Checks a
 * bounded number of signatures, each once: a client chooses how many it sends.
 */
final class IssuerSearch {

    static final int MAX_SIGNATURES = 128;

    private record Question(X509Certificate certificate, PublicKey key) {}

    private final Map<Question, Boolean> answers = new HashMap<>();
    private boolean namesakes;

    /**
     * Returns those that issued a certificate: the ones with the key that it names first (RFC 5280 section 4.2.1.1, a hint and
     * no more), and otherwise in their order.
     */
    List<X509Certificate> issuers(X509Certificate certificate, List<X509Certificate> candidates) {
        Optional<byte[]> wanted = authorityKey(certificate);
        return candidates.stream()
                .filter(candidate -> candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .sorted(Comparator.comparing(candidate -> !isKey(candidate, wanted)))
                .filter(candidate -> isSignedBy(certificate, candidate.getPublicKey()))
                .toList();
    }

    /** Returns whether certificates with the right name had the wrong key. */
    boolean metNamesakes() {
        return namesakes;
    }

    /** Returns whether there were more signatures to check than are checked. */
    boolean isExhausted() {
        return answers.size() >= MAX_SIGNATURES;
    }

    private boolean isSignedBy(X509Certificate certificate, PublicKey key) {
        Question question = new Question(certificate, key);
        Boolean known = answers.get(question);
        if (known != null) {
            return known;
        }
        if (isExhausted()) {
            return false;
        }
        boolean signed = !Strength.isCostly(key) && verifies(certificate, key);
        answers.put(question, signed);
        namesakes |= !signed;
        return signed;
    }

    private static boolean verifies(X509Certificate certificate, PublicKey key) {
        if (key instanceof RSAPublicKey rsa
                && certificate.getSignature().length != (rsa.getModulus().bitLength() + 7) / 8) {
            return false;
        }
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static Optional<byte[]> authorityKey(X509Certificate certificate) {
        try {
            return Extensions.value(certificate, Extension.authorityKeyIdentifier)
                    .map(value -> AuthorityKeyIdentifier.getInstance(value).getKeyIdentifierOctets());
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static boolean isKey(X509Certificate candidate, Optional<byte[]> wanted) {
        try {
            return wanted.isPresent()
                    && Extensions.value(candidate, Extension.subjectKeyIdentifier)
                            .map(value -> ASN1OctetString.getInstance(value).getOctets())
                            .filter(identifier -> Arrays.equals(identifier, wanted.get()))
                            .isPresent();
        } catch (IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }
}
