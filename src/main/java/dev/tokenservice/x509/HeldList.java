package dev.tokenservice.x509;

import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;

/**
 * A revocation list in force.
 *
 * @param until how long it can tell of a certificate that it is not revoked; that one is, it tells permanently
 * @param fetched whether it came from a web server, and not from a file
 */
public record HeldList(X509CRL list, Instant until, boolean fetched) {

    private static final int CRL_SIGN = 6;

    /** How far an authority's clock may be ahead of this one. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    static HeldList ofFile(X509CRL list) {
        return new HeldList(list, end(list), false);
    }

    /** When the next list is due; a list that does not say so counts for nothing. */
    static Instant end(X509CRL list) {
        return list.getNextUpdate() == null ? Instant.MIN : list.getNextUpdate().toInstant();
    }

    static boolean isOfTheFuture(X509CRL list, Instant now) {
        return list.getThisUpdate().toInstant().isAfter(now.plus(CLOCK_SKEW));
    }

    boolean isCurrent(Instant now) {
        return now.isBefore(until) && !isOfTheFuture(list, now);
    }

    CrlScope scope() {
        return CrlScope.of(list);
    }

    boolean isNamed(X509Certificate issuer) {
        return list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    }

    /** Issues of one list have its issuer, key and scope in common. */
    Object series() {
        byte[] key = list.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        return List.of(
                list.getIssuerX500Principal(), key == null ? "" : HexFormat.of().formatHex(key), scope());
    }

    static boolean isSignedBy(X509CRL list, X509Certificate issuer) {
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
