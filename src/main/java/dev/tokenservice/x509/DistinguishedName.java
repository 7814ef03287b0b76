package dev.tokenservice.x509;

import dev.tokenservice.identity.DirectoryName;
import java.io.IOException;
import java.nio.charset.Charset;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UniversalString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A name, to be compared as in RFC 5280 section 7.1: types by their object identifiers, values without regard to case,
 * spaces and kind of string. Without regard to order, in addition: programs print names from either end.
 *
 * @param parts one of each relative distinguished name, sorted
 */
public record DistinguishedName(List<String> parts) {

    private static final Pattern BLANKS = Pattern.compile("[\\s\\x85\\p{Z}]+");

    /** RFC 4518 section 2.2: what nobody sees. */
    private static final Pattern IGNORED =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\u034F\\u1806\\u180B-\\u180D\\uFE00-\\uFE0F\\uFFFC]");

    public static DistinguishedName of(X500Principal name) {
        return new DistinguishedName(
                Arrays.stream(X500Name.getInstance(name.getEncoded()).getRDNs())
                        .map(DistinguishedName::part)
                        .sorted()
                        .toList());
    }

    public static DistinguishedName of(DirectoryName name) {
        return new DistinguishedName(name.parts().stream()
                .map(part -> part(part.stream()
                        .map(attribute -> attribute(
                                attribute.type(),
                                attribute.text().map(DistinguishedName::folded).orElse("#" + attribute.encoded())))
                        .toList()))
                .sorted()
                .toList());
    }

    /** One relative distinguished name, with its attributes in any order. */
    static String part(RDN name) {
        return part(Arrays.stream(name.getTypesAndValues())
                .map(attribute -> attribute(attribute.getType().getId(), value(attribute.getValue())))
                .toList());
    }

    private static String part(List<String> attributes) {
        return String.join("\n", attributes.stream().sorted().toList());
    }

    /**
     * Reads a name as programs print it.
     *
     * @throws IllegalArgumentException when it is malformed, or has a type that is not known
     */
    public static DistinguishedName parse(String text) {
        return new DistinguishedName(new DistinguishedNameText(text)
                .parts().stream().map(DistinguishedName::part).sorted().toList());
    }

    /** The same; empty if the text is not a name. */
    public static Optional<DistinguishedName> read(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    static String attribute(String type, String value) {
        return type + "=" + value;
    }

    /** A value that is not a string is compared by its encoding. */
    static String value(ASN1Encodable value) {
        if (value instanceof ASN1String string) {
            return folded(text(string));
        }
        try {
            return "#" + HexFormat.of().formatHex(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalArgumentException("a value has no encoding", e);
        }
    }

    static String text(ASN1String string) {
        return string instanceof ASN1UniversalString universal
                ? new String(universal.getOctets(), Charset.forName("UTF-32BE"))
                : string.getString();
    }

    /**
     * Prepares a value to be compared (RFC 4518 section 2). Letters are folded both ways, as some have a partner in one
     * direction
     * only.
     */
    static String folded(String value) {
        String mapped = IGNORED.matcher(BLANKS.matcher(value).replaceAll(" ")).replaceAll("");
        String folded = normalized(mapped).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return BLANKS.matcher(normalized(folded)).replaceAll(" ").strip();
    }

    private static String normalized(String value) {
        return Normalizer.normalize(value, Normalizer.Form.NFKC);
    }
}
