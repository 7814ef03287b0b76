package dev.tokenservice.identity;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A distinguished name as a certificate has it, RFC 5280 section 4.1.2.4.
 *
 * @param parts the relative distinguished names in the order of the encoding, which is from the root of the directory; each with
 *     its attributes, of which most have one
 */
public record DirectoryName(List<List<TypeAndValue>> parts) {

    public static final String COMMON_NAME = "2.5.4.3";

    public static final String ORGANIZATION = "2.5.4.10";

    /** The type of names of organizational units. */
    public static final String ORGANIZATIONAL_UNIT = "2.5.4.11";

    /** The attribute with the serial number of a device, which is not that of the certificate. */
    public static final String SERIAL_NUMBER = "2.5.4.5";

    /** RFC 4514 section 3, and two that are registered as well (RFC 4519 section 2.31, RFC 5280 appendix A.1). */
    private static final Map<String, String> KEYWORDS = Map.ofEntries(
            Map.entry(COMMON_NAME, "CN"),
            Map.entry("2.5.4.7", "L"),
            Map.entry("2.5.4.8", "ST"),
            Map.entry(ORGANIZATION, "O"),
            Map.entry(ORGANIZATIONAL_UNIT, "OU"),
            Map.entry("2.5.4.6", "C"),
            Map.entry("2.5.4.9", "STREET"),
            Map.entry("0.9.2342.19200300.100.1.25", "DC"),
            Map.entry("0.9.2342.19200300.100.1.1", "UID"),
            Map.entry(SERIAL_NUMBER, "serialNumber"),
            Map.entry("1.2.840.113549.1.9.1", "emailAddress"));

    private static final String ESCAPED = "\"+,;<>\\";

    public DirectoryName {
        parts = parts.stream().map(List::copyOf).toList();
    }

    /**
     * One attribute of a name.
     *
     * @param type its object identifier
     * @param text the value; empty if it is not a well-formed string
     * @param encoded the DER of the value in lower-case hex
     */
    public record TypeAndValue(String type, Optional<String> text, String encoded) {

        private String printed() {
            String keyword = KEYWORDS.get(type);
            return keyword == null || text.isEmpty()
                    ? (keyword == null ? type : keyword) + "=#" + encoded
                    : keyword + "=" + escaped(text.get());
        }
    }

    /** Returns every value of a type, in the order of the encoding; one that is not a well-formed string is empty. */
    public List<String> values(String type) {
        return parts.stream()
                .flatMap(List::stream)
                .filter(attribute -> attribute.type().equals(type))
                .map(attribute -> attribute.text().orElse(""))
                .toList();
    }

    /**
     * Returns the only value of a type. It is unknown where there are several, and where it is not one that every reader takes
     * for the same: empty, or with control or non-ASCII characters.
     */
    public Attribute<String> only(String type) {
        return Attribute.only(values(type))
                .flatMap(value -> isPlain(value) ? Attribute.of(value) : Attribute.unknown());
    }

    /** Returns whether a value is not empty, and of printable ASCII. */
    public static boolean isPlain(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /**
     * Returns the string of RFC 4514 in printable ASCII: the last part first, and {@code \XX} for each byte of UTF-8 of control
     * and non-ASCII characters (section 2.4). A value of a type without a keyword, or that is not a string, is its encoding.
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = parts.size() - 1; i >= 0; i--) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(parts.get(i).stream().map(TypeAndValue::printed).collect(Collectors.joining("+")));
        }
        return text.toString();
    }

    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder();
        value.codePoints().forEach(c -> {
            if (c < ' ' || c > '~') {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    escaped.append(String.format(Locale.ROOT, "\\%02X", b));
                }
            } else {
                escaped.append(ESCAPED.indexOf(c) >= 0 ? "\\" : "").append((char) c);
            }
        });
        if (value.endsWith(" ")) {
            escaped.insert(escaped.length() - 1, '\\');
        }
        if (value.startsWith("#") || (value.startsWith(" ") && value.length() > 1)) {
            escaped.insert(0, '\\');
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
