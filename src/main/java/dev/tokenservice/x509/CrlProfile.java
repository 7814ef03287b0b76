package dev.tokenservice.x509;

import java.io.IOException;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.TBSCertList;

/** Which revocation lists are understood, RFC 5280 section 5: those that can tell of a certificate that it is not revoked. */
final class CrlProfile {

    private static final Set<String> UNDERSTOOD = Set.of(
            Extension.issuingDistributionPoint.getId(),
            Extension.authorityKeyIdentifier.getId(),
            Extension.issuerAlternativeName.getId(),
            Extension.cRLNumber.getId());

    private static final Set<ASN1ObjectIdentifier> UNDERSTOOD_OF_ENTRIES =
            Set.of(Extension.reasonCode, Extension.invalidityDate, Extension.instructionCode);

    private CrlProfile() {}

    /** What a list is that is not understood, to be read after "is"; nothing where it is. */
    static Optional<String> problem(X509CRL list) {
        if (list.getExtensionValue(Extension.deltaCRLIndicator.getId()) != null) {
            return Optional.of("a delta list: get the whole list");
        }
        try {
            CrlScope.of(list);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.of((e.getClass() == IllegalArgumentException.class && e.getCause() == null
                            ? e.getMessage()
                            : "a list with a malformed scope")
                    + ": get the whole list");
        }
        if (!understandsCritical(list)) {
            return Optional.of("a list with an unknown critical extension: get a list without it");
        }
        if (list.getNextUpdate() == null) {
            return Optional.of("a list without nextUpdate, whose expiry is unknown");
        }
        if (Strength.isBroken(list.getSigAlgName(), list.getSigAlgParams())) {
            return Optional.of("signed with a broken digest: have its authority sign it with SHA-256");
        }
        return problemOfEntries(list);
    }

    /** One entry after the other: the JDK would sort a copy of them, which takes as long as it takes to read a long list. */
    private static Optional<String> problemOfEntries(X509CRL list) {
        try (ASN1InputStream der = new ASN1InputStream(list.getTBSCertList(), true)) {
            Enumeration<?> entries = TBSCertList.getInstance(der.readObject()).getRevokedCertificateEnumeration();
            while (entries.hasMoreElements()) {
                TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) entries.nextElement();
                Optional<String> problem = entry.hasExtensions() ? problem(entry) : Optional.empty();
                if (problem.isPresent()) {
                    return problem;
                }
            }
            return Optional.empty();
        } catch (IOException | CRLException | IllegalArgumentException | IllegalStateException e) {
            return Optional.of("a list with a malformed entry: get the list again");
        }
    }

    private static Optional<String> problem(TBSCertList.CRLEntry entry) {
        if (entry.getExtensions().getExtension(Extension.certificateIssuer) != null) {
            return Optional.of("an indirect list: get the list of each authority");
        }
        if (!UNDERSTOOD_OF_ENTRIES.containsAll(List.of(entry.getExtensions().getCriticalExtensionOIDs()))) {
            return Optional.of("a list with an entry whose critical extension is unknown: get a list without it");
        }
        ASN1Encodable reason = entry.getExtensions().getExtensionParsedValue(Extension.reasonCode);
        return reason != null && ASN1Enumerated.getInstance(reason).hasValue(CRLReason.removeFromCRL)
                ? Optional.of("a list that removes an entry, which only delta lists may do: get the whole list")
                : Optional.empty();
    }

    private static boolean understandsCritical(X509CRL list) {
        Set<String> critical = list.getCriticalExtensionOIDs();
        return critical == null || UNDERSTOOD.containsAll(critical);
    }
}
