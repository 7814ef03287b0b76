package dev.tokenservice.x509;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.PolicyQualifierId;

/** Extensions that must not be ignored, RFC 5280 section 4.2: those that are not looked at here are a reason to refuse. */
final class CriticalExtensions {

    private static final Set<String> PROCESSED = Set.of(
            Extension.keyUsage.getId(),
            Extension.subjectAlternativeName.getId(),
            Extension.basicConstraints.getId(),
            Extension.nameConstraints.getId(),
            Extension.certificatePolicies.getId(),
            Extension.policyMappings.getId(),
            Extension.policyConstraints.getId(),
            Extension.extendedKeyUsage.getId(),
            Extension.inhibitAnyPolicy.getId());

    /** Of those that are not processed. Lists are configured here, and no certificate says where they are. */
    private static final Map<String, String> NAMES = Map.of(
            Extension.cRLDistributionPoints.getId(),
            " (CRL distribution points)",
            Extension.freshestCRL.getId(),
            " (freshest CRL)",
            Extension.authorityInfoAccess.getId(),
            " (authority information access)",
            Extension.issuerAlternativeName.getId(),
            " (issuer alternative names)",
            Extension.subjectDirectoryAttributes.getId(),
            " (subject directory attributes)",
            "1.3.6.1.5.5.7.1.24",
            " (TLS feature)",
            "2.16.840.1.113730.1.1",
            " (Netscape certificate type)",
            "1.3.6.1.4.1.11129.2.4.3",
            " (precertificate poison)");

    private CriticalExtensions() {}

    /** What in a certificate is critical and not processed; empty if there is nothing. */
    static Optional<String> unprocessed(X509Certificate certificate) {
        Set<String> critical =
                new TreeSet<>(Objects.requireNonNullElse(certificate.getCriticalExtensionOIDs(), Set.of()));
        for (String kind : critical) {
            if (!PROCESSED.contains(kind)) {
                return Optional.of("the critical extension " + kind + NAMES.getOrDefault(kind, ""));
            }
        }
        return critical.contains(Extension.certificatePolicies.getId())
                ? unknownQualifier(certificate)
                : Optional.empty();
    }

    /**
     * The two qualifiers of RFC 5280 section 4.2.1.4 are meant for people: the address of a statement, and a notice. Any other one
     * in a critical extension must be understood.
     */
    private static Optional<String> unknownQualifier(X509Certificate certificate) {
        CertificatePolicies policies = CertificatePolicies.getInstance(
                Extensions.value(certificate, Extension.certificatePolicies).orElseThrow());
        for (PolicyInformation policy : policies.getPolicyInformation()) {
            ASN1Sequence qualifiers = policy.getPolicyQualifiers();
            for (ASN1Encodable qualifier : qualifiers == null ? new ASN1Encodable[0] : qualifiers.toArray()) {
                ASN1Encodable kind = ASN1Sequence.getInstance(qualifier).getObjectAt(0);
                if (!kind.equals(PolicyQualifierId.id_qt_cps) && !kind.equals(PolicyQualifierId.id_qt_unotice)) {
                    return Optional.of("the qualifier " + kind + " of its policy " + policy.getPolicyIdentifier()
                            + ", in a critical extension");
                }
            }
        }
        return Optional.empty();
    }
}
