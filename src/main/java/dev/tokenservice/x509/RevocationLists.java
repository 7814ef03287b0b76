package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Certificate revocation lists, RFC 5280 section 5: signed by the authority that issued the certificates. A list counts
 * for the certificates that it is about; what it names is revoked in any case.
 *
 * @param lists none where revocation is not checked
 */
public record RevocationLists(List<X509CRL> lists) {

    /** Nothing is revoked, because nobody is asked. */
    public static final RevocationLists NONE = new RevocationLists(List.of());

    private static final int CRL_SIGN = 6;

    /** How far an authority's clock may be ahead of this one. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    /** Reads the lists in a file. */
    public static RevocationLists read(Path file) {
        List<X509CRL> lists = CertificateFile.revocationLists(file);
        for (X509CRL list : lists) {
            CrlProfile.problem(list).ifPresent(problem -> {
                throw new UnusableFileException(
                        file, "holds the list of " + list.getIssuerX500Principal() + ", which is " + problem);
            });
        }
        return new RevocationLists(lists);
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
        String name = issuer.getSubjectX500Principal().toString();
        List<X509CRL> named = lists.stream()
                .filter(list -> list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal()))
                .toList();
        List<X509CRL> signed =
                named.stream().filter(list -> isSignedBy(list, issuer)).toList();
        if (signed.stream().anyMatch(list -> list.isRevoked(certificate))) {
            return Optional.of("the revocation list of " + name + " names the certificate");
        }
        if (!named.isEmpty() && signed.isEmpty()) {
            return Optional.of("MTLS_CRL has no revocation list of " + name
                    + " that the key of its certificate signed: add the list of this key");
        }
        List<X509CRL> fitting = signed.stream()
                .filter(list -> CrlScope.of(list).isFor(certificate))
                .toList();
        if (fitting.isEmpty()) {
            return required
                    ? Optional.of("MTLS_CRL has no revocation list of " + name
                            + (signed.isEmpty() ? "" : " that is about clients' certificates"))
                    : Optional.empty();
        }
        return refusalOf(certificate, fitting, name, now);
    }

    private static Optional<String> refusalOf(
            X509Certificate certificate, List<X509CRL> fitting, String name, Instant now) {
        boolean alone = fitting.stream().map(CrlScope::of).distinct().count() == 1;
        List<X509CRL> covering = fitting.stream()
                .filter(list -> CrlScope.of(list).isAt(certificate, alone))
                .toList();
        if (covering.isEmpty()) {
            return Optional.of("MTLS_CRL has no revocation list of " + name
                    + " for the distribution point of the certificate: add the lists of all its distribution points");
        }
        return covering.stream().anyMatch(list -> isCurrent(list, now))
                ? Optional.empty()
                : Optional.of("the revocation list of " + name + " in MTLS_CRL is out of date: get its next issue");
    }

    /** The authorities of which some clients are refused, as all lists about these are out of date. */
    public List<String> outOfDate(Instant now) {
        Map<Object, List<X509CRL>> issues = lists.stream().collect(Collectors.groupingBy(RevocationLists::series));
        return issues.values().stream()
                .filter(issue -> issue.stream().noneMatch(list -> isCurrent(list, now)))
                .map(issue -> issue.get(0).getIssuerX500Principal().getName())
                .distinct()
                .sorted()
                .toList();
    }

    /** Issues of one list have its issuer, key and scope in common. */
    private static Object series(X509CRL list) {
        byte[] key = list.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        return List.of(
                list.getIssuerX500Principal(), key == null ? "" : HexFormat.of().formatHex(key), CrlScope.of(list));
    }

    private static boolean isCurrent(X509CRL list, Instant now) {
        return list.getNextUpdate() != null
                && now.isBefore(list.getNextUpdate().toInstant())
                && !list.getThisUpdate().toInstant().isAfter(now.plus(CLOCK_SKEW));
    }

    private static boolean isSignedBy(X509CRL list, X509Certificate issuer) {
        boolean[] keyUsage = issuer.getKeyUsage();
        if (keyUsage != null && !keyUsage[CRL_SIGN]) {
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
