package dev.tokenservice.x509;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A name, to be compared as in RFC 5280 section 7.1: types by their object identifiers, values without regard to case, blanks and
 * kind of string. Without regard to order, in addition: programs print names from either end.
 *
 * @param parts one of each relative distinguished name, sorted
 */
public record DistinguishedName(List<String> parts) {

    /** The name in a certificate. */
    public static DistinguishedName of(X500Principal name) {
        return of(Arrays.stream(X500Name.getInstance(name.getEncoded()).getRDNs())
                .map(part -> Arrays.stream(part.getTypesAndValues())
                        .map(DistinguishedName::attribute)
                        .toList())
                .toList());
    }

    /**
     * Reads a name as programs print it.
     *
     * @throws IllegalArgumentException when it is malformed, or has a type that is not known
     */
    public static DistinguishedName parse(String text) {
        return of(new DistinguishedNameText(text).parts());
    }

    private static DistinguishedName of(List<List<String>> parts) {
        List<String> sorted = new ArrayList<>();
        parts.forEach(
                part -> sorted.add(String.join("\n", part.stream().sorted().toList())));
        return new DistinguishedName(sorted.stream().sorted().toList());
    }

    private static String attribute(AttributeTypeAndValue attribute) {
        return attribute(attribute.getType().getId(), value(attribute.getValue()));
    }

    static String attribute(String type, String value) {
        return type + "=" + value;
    }

    /** A value that is not a string is compared by its encoding. */
    static String value(ASN1Encodable value) {
        if (value instanceof ASN1String string) {
            return folded(string.getString());
        }
        try {
            return "#" + HexFormat.of().formatHex(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalArgumentException("a value has no encoding", e);
        }
    }

    /** Both ways, as some letters have a partner in one direction only. */
    static String folded(String value) {
        return Normalizer.normalize(value, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ")
                .strip();
    }
}
