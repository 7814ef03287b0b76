package dev.tokenservice.x509;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;

/**
 * The name constraints of one authority, RFC 5280 section 4.2.1.10. They bind only the kinds of names that they list, and that a
 * certificate has: a common name is no DNS name.
 *
 * @param permitted where it lists a kind of name, each name of that kind has to be within one
 * @param excluded no name may be within one
 */
record NameConstraints(List<GeneralName> permitted, List<GeneralName> excluded) {

    /**
     * Those of an authority, where it has some.
     *
     * @throws IllegalArgumentException when they cannot be read, or have a minimum or maximum, which nobody defined a meaning of
     */
    static Optional<NameConstraints> of(X509Certificate authority) {
        return Extensions.value(authority, Extension.nameConstraints)
                .map(org.bouncycastle.asn1.x509.NameConstraints::getInstance)
                .map(read ->
                        new NameConstraints(bases(read.getPermittedSubtrees()), bases(read.getExcludedSubtrees())));
    }

    private static List<GeneralName> bases(GeneralSubtree[] subtrees) {
        List<GeneralName> bases = new ArrayList<>();
        for (GeneralSubtree subtree : subtrees == null ? new GeneralSubtree[0] : subtrees) {
            if (subtree.getMaximum() != null || !subtree.getMinimum().equals(BigInteger.ZERO)) {
                throw new IllegalArgumentException("a name constraint has a minimum or a maximum");
            }
            bases.add(subtree.getBase());
        }
        return bases;
    }

    /**
     * Every name of a certificate: subject, e-mail addresses in it, and alternative names.
     *
     * @throws IllegalArgumentException when they cannot be read
     */
    static List<GeneralName> names(X509Certificate certificate) {
        List<GeneralName> names = new ArrayList<>();
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        if (subject.size() > 0) {
            names.add(new GeneralName(subject));
        }
        for (RDN rdn : subject.getRDNs(PKCSObjectIdentifiers.pkcs_9_at_emailAddress)) {
            names.add(new GeneralName(GeneralName.rfc822Name, email(rdn)));
        }
        Extensions.value(certificate, Extension.subjectAlternativeName)
                .map(GeneralNames::getInstance)
                .ifPresent(alternative -> names.addAll(Arrays.asList(alternative.getNames())));
        return names;
    }

    private static String email(RDN rdn) {
        for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
            if (attribute.getType().equals(PKCSObjectIdentifiers.pkcs_9_at_emailAddress)
                    && attribute.getValue() instanceof ASN1String text) {
                return text.getString();
            }
        }
        throw new IllegalArgumentException("an e-mail address in the subject is no text");
    }

    /** Why a name is not allowed; empty where it is. */
    Optional<String> refusal(GeneralName name) {
        int kind = name.getTagNo();
        List<GeneralName> allowed = ofKind(permitted, kind);
        List<GeneralName> forbidden = ofKind(excluded, kind);
        if (allowed.isEmpty() && forbidden.isEmpty()) {
            return Optional.empty();
        }
        Optional<Subtrees> subtrees = Subtrees.of(name);
        if (subtrees.isEmpty()) {
            return Optional.of(
                    AlternativeNames.text(name)
                            + " cannot be held against constraints: it has no host name, is malformed, or of a kind that is not supported");
        }
        if (forbidden.stream().anyMatch(subtrees.get()::isWithin)) {
            return Optional.of(AlternativeNames.text(name) + " is among the excluded names");
        }
        return allowed.isEmpty() || allowed.stream().anyMatch(subtrees.get()::isWithin)
                ? Optional.empty()
                : Optional.of(AlternativeNames.text(name) + " is not among the permitted names");
    }

    private static List<GeneralName> ofKind(List<GeneralName> bases, int kind) {
        return bases.stream().filter(base -> base.getTagNo() == kind).toList();
    }

    /** The text of a name or a constraint that is one. */
    static String text(GeneralName name) {
        return ASN1IA5String.getInstance(name.getName()).getString();
    }
}
