package dev.tokenservice.x509;

import dev.tokenservice.x509.Subtrees.Overlap;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.OtherName;

/**
 * The name constraints of one authority, RFC 5280 section 4.2.1.10. They bind only the kinds of names that they list, and
 * that a
 * certificate has: a common name is not a DNS name.
 *
 * @param permitted where it lists a kind of name, each name of that kind must be within one
 * @param excluded no name may be within one
 */
record NameConstraints(List<GeneralName> permitted, List<GeneralName> excluded) {

    /** In one message. */
    private static final int MAX_NAMED = 3;

    private static final ASN1ObjectIdentifier SMTP_UTF8_MAILBOX = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9");

    /**
     * Takes constraints.
     *
     * @throws IllegalArgumentException when it cannot be told which names are within one
     */
    NameConstraints {
        for (GeneralName base :
                Stream.concat(permitted.stream(), excluded.stream()).toList()) {
            if (!Subtrees.isWellFormed(base)) {
                throw new IllegalArgumentException("the name constraint " + AlternativeNames.text(base)
                        + " is malformed: write it as in RFC 5280 section 4.2.1.10");
            }
        }
    }

    /**
     * Returns those of an authority, where it has some.
     *
     * @throws IllegalArgumentException when they cannot be read, or have a minimum or maximum, which nobody defined a
     * meaning of
     */
    static Optional<NameConstraints> of(X509Certificate authority) {
        return Extensions.value(authority, Extension.nameConstraints).map(NameConstraints::parse);
    }

    /** Each list at most once, and in its order: of two lists a parser takes one, and another parser the other. */
    private static NameConstraints parse(ASN1Primitive value) {
        List<List<GeneralName>> lists = List.of(new ArrayList<>(), new ArrayList<>());
        int last = -1;
        for (ASN1Encodable element : ASN1Sequence.getInstance(value)) {
            ASN1TaggedObject list = ASN1TaggedObject.getInstance(element, BERTags.CONTEXT_SPECIFIC);
            ASN1Sequence subtrees = ASN1Sequence.getInstance(list, false);
            if (list.getTagNo() <= last || list.getTagNo() >= lists.size() || subtrees.size() == 0) {
                throw new IllegalArgumentException("the name constraints have an empty, repeated or unknown list");
            }
            last = list.getTagNo();
            subtrees.forEach(subtree -> lists.get(list.getTagNo()).add(base(GeneralSubtree.getInstance(subtree))));
        }
        return new NameConstraints(lists.get(0), lists.get(1));
    }

    private static GeneralName base(GeneralSubtree subtree) {
        if (subtree.getMaximum() != null || !subtree.getMinimum().equals(BigInteger.ZERO)) {
            throw new IllegalArgumentException("a name constraint has a minimum or a maximum");
        }
        return subtree.getBase();
    }

    /** Why a name is not allowed; empty if it is. */
    Optional<String> refusal(GeneralName name) {
        List<GeneralName> allowed = binding(permitted, name);
        List<GeneralName> forbidden = binding(excluded, name);
        if (allowed.isEmpty() && forbidden.isEmpty()) {
            return Optional.empty();
        }
        Optional<Subtrees> subtrees = Subtrees.of(name);
        if (subtrees.isEmpty()) {
            return Optional.of(AlternativeNames.text(name)
                    + " cannot be compared with the constraints: it has no host name, is malformed, or of a kind that is not supported: "
                    + text(forbidden.isEmpty() ? allowed : forbidden));
        }
        List<GeneralName> met = forbidden.stream()
                .filter(base -> subtrees.get().within(base) != Overlap.NONE)
                .toList();
        if (!met.isEmpty()) {
            return Optional.of(AlternativeNames.text(name) + " is among the excluded names: " + text(met));
        }
        return allowed.isEmpty()
                        || allowed.stream().anyMatch(base -> subtrees.get().within(base) == Overlap.WHOLE)
                ? Optional.empty()
                : Optional.of(AlternativeNames.text(name) + " is not among the permitted names: " + text(allowed));
    }

    /** An authority may have any number of constraints. */
    private static String text(List<GeneralName> bases) {
        String first =
                bases.stream().limit(MAX_NAMED).map(AlternativeNames::text).collect(Collectors.joining(", "));
        return bases.size() > MAX_NAMED ? first + " and " + (bases.size() - MAX_NAMED) + " more" : first;
    }

    private static List<GeneralName> binding(List<GeneralName> bases, GeneralName name) {
        return bases.stream()
                .filter(base -> base.getTagNo() == name.getTagNo()
                        || (base.getTagNo() == GeneralName.rfc822Name && isInternationalMailbox(name)))
                .toList();
    }

    /** Constraints on e-mail addresses bind these as well (RFC 9598 section 6); what is in them is not looked at. */
    private static boolean isInternationalMailbox(GeneralName name) {
        return name.getTagNo() == GeneralName.otherName
                && OtherName.getInstance(name.getName()).getTypeID().equals(SMTP_UTF8_MAILBOX);
    }

    /** The text of a name or a constraint that is one; without an IA5String there is none that fits anything. */
    static String text(GeneralName name) {
        return name.getName() instanceof ASN1String text ? DistinguishedName.text(text) : " ";
    }
}
