package dev.tokenservice.x509;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1T61String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A directory name: it is within the subtrees of those that it begins with, RFC 5280 sections 4.2.1.10 and 7.1.
 *
 * @param parts one of each relative distinguished name, in their order
 */
record DirectorySubtrees(List<String> parts) implements Subtrees {

    /** RFC 4518 section 2.4 prohibits them; an unassigned character may be another one tomorrow. */
    private static final Pattern PROHIBITED = Pattern.compile("[\\p{Cn}\\p{Co}\\p{Cs}\\uFFFD]");

    /** T.61 has accents as characters of their own, and what is written as T.61 is Latin-1 at times. */
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");

    /** Those of a name; empty if two programs may read it differently. */
    static Optional<DirectorySubtrees> of(GeneralName name) {
        RDN[] names = X500Name.getInstance(name.getName()).getRDNs();
        boolean clear = Arrays.stream(names)
                .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
                .allMatch(DirectorySubtrees::isClear);
        return clear
                ? Optional.of(new DirectorySubtrees(
                        Arrays.stream(names).map(DistinguishedName::part).toList()))
                : Optional.empty();
    }

    private static boolean isClear(AttributeTypeAndValue attribute) {
        if (!(attribute.getValue() instanceof ASN1String string)) {
            return true;
        }
        String text = DistinguishedName.text(string);
        return !PROHIBITED.matcher(text).find()
                && (!(string instanceof ASN1T61String) || ASCII.matcher(text).matches());
    }

    @Override
    public Overlap within(GeneralName base) {
        List<String> above = of(base).orElseThrow().parts();
        return above.size() <= parts.size() && parts.subList(0, above.size()).equals(above)
                ? Overlap.WHOLE
                : Overlap.NONE;
    }
}
