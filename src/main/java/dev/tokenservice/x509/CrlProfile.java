package dev.tokenservice.x509;

import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Extension;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;

/** Which revocation lists are understood, RFC 5280 section 5: those that can tell of a certificate that it is not revoked. */
final class CrlProfile {

    private static final Set<String> UNDERSTOOD = Set.of(
            Extension.issuingDistributionPoint.getId(),
            Extension.authorityKeyIdentifier.getId(),
            Extension.issuerAlternativeName.getId(),
            Extension.cRLNumber.getId());

    private static final Set<String> UNDERSTOOD_OF_ENTRIES =
            Set.of(Extension.reasonCode.getId(), Extension.invalidityDate.getId(), Extension.instructionCode.getId());

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
        if (!understands(list, UNDERSTOOD)) {
            return Optional.of("a list with an unknown critical extension: get a list without it");
        }
        if (list.getNextUpdate() == null) {
            return Optional.of("a list without nextUpdate, whose expiry is unknown");
        }
        if (Strength.isBroken(list.getSigAlgName(), list.getSigAlgParams())) {
            return Optional.of("signed with a broken digest: have its authority sign it with SHA-256");
        }
        Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
        return entries == null
                ? Optional.empty()
                : entries.stream().flatMap(entry -> problem(entry).stream()).findFirst();
    }

    private static Optional<String> problem(X509CRLEntry entry) {
        if (entry.getExtensionValue(Extension.certificateIssuer.getId()) != null) {
            return Optional.of("an indirect list: get the list of each authority");
        }
        if (!understands(entry, UNDERSTOOD_OF_ENTRIES)) {
            return Optional.of("a list with an entry whose critical extension is unknown: get a list without it");
        }
        return entry.getRevocationReason() == CRLReason.REMOVE_FROM_CRL
                ? Optional.of("a list that removes an entry, which only delta lists may do: get the whole list")
                : Optional.empty();
    }

    private static boolean understands(X509Extension holder, Set<String> understood) {
        Set<String> critical = holder.getCriticalExtensionOIDs();
        return critical == null || understood.containsAll(critical);
    }
}
