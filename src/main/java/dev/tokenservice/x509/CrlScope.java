package dev.tokenservice.x509;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.cert.X509Extension;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates of its issuer a revocation list is about, RFC 5280 section 5.2.5: what the list says of itself, whether the
 * extension is critical or not.
 *
 * @param points where it is published; empty if it covers certificates wherever their list is
 */
record CrlScope(boolean clients, boolean authorities, Set<GeneralName> points) {

    /**
     * Reads what a list says.
     *
     * @throws IllegalArgumentException with the reason, when such a list can tell of no certificate that it is not revoked
     */
    static CrlScope of(X509CRL list) {
        byte[] encoded = extension(list, Extension.issuingDistributionPoint.getId());
        if (encoded == null) {
            return new CrlScope(true, true, Set.of());
        }
        IssuingDistributionPoint point = IssuingDistributionPoint.getInstance(encoded);
        check(!point.isIndirectCRL(), "an indirect list");
        check(point.getOnlySomeReasons() == null, "a list of some reasons only");
        check(!point.onlyContainsAttributeCerts(), "a list of attribute certificates");
        check(!point.onlyContainsUserCerts() || !point.onlyContainsCACerts(), "a list of contradictory scope");
        Set<GeneralName> points = point.getDistributionPoint() == null ? Set.of() : names(point.getDistributionPoint());
        check(
                point.getDistributionPoint() == null || !points.isEmpty(),
                "a list whose distribution point has no full name");
        return new CrlScope(!point.onlyContainsCACerts(), !point.onlyContainsUserCerts(), points);
    }

    /** Returns whether it is about certificates of this kind. */
    boolean isFor(X509Certificate certificate) {
        return certificate.getBasicConstraints() < 0 ? clients : authorities;
    }

    /**
     * Returns whether it is where a certificate says that its list is (RFC 5280 section 6.3.3 (b)(2)(i)).
     *
     * @param alone whether its issuer has no other: then a certificate that says nothing is on this one
     */
    boolean isAt(X509Certificate certificate, boolean alone) {
        byte[] encoded = extension(certificate, Extension.cRLDistributionPoints.getId());
        if (points.isEmpty() || (encoded == null && alone)) {
            return true;
        }
        return encoded != null && !Collections.disjoint(points, published(encoded));
    }

    /** Returns the URLs, of any scheme, where a certificate says that its list is, in their order. */
    static Stream<String> urls(X509Certificate certificate) {
        byte[] encoded = extension(certificate, Extension.cRLDistributionPoints.getId());
        return encoded == null
                ? Stream.of()
                : published(encoded).stream()
                        .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
                        .map(name -> String.valueOf(name.getName()));
    }

    /** Points for some reasons, or with the list of another issuer, cannot tell that a certificate is not revoked. */
    private static Set<GeneralName> published(byte[] encoded) {
        Set<GeneralName> names = new LinkedHashSet<>();
        try {
            for (DistributionPoint point : CRLDistPoint.getInstance(encoded).getDistributionPoints()) {
                if (point.getDistributionPoint() != null
                        && point.getReasons() == null
                        && point.getCRLIssuer() == null) {
                    names.addAll(names(point.getDistributionPoint()));
                }
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Set.of();
        }
        return names;
    }

    private static Set<GeneralName> names(DistributionPointName point) {
        return point.getType() == DistributionPointName.FULL_NAME
                ? new LinkedHashSet<>(
                        Arrays.asList(GeneralNames.getInstance(point.getName()).getNames()))
                : Set.of();
    }

    private static byte @Nullable [] extension(X509Extension holder, String kind) {
        byte[] encoded = holder.getExtensionValue(kind);
        return encoded == null ? null : ASN1OctetString.getInstance(encoded).getOctets();
    }

    private static void check(boolean usable, String kind) {
        if (!usable) {
            throw new IllegalArgumentException(kind);
        }
    }
}
