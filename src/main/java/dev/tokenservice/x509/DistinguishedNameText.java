package dev.tokenservice.x509;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Reads the text of a name as in RFC 4514 and RFC 2253 ({@code CN=Example CA,O=Example}, also with spaces, quotes and
 * semicolons), or on one line with slashes ({@code /O=Example/CN=Example CA}), as OpenSSL has it.
 */
final class DistinguishedNameText {

    private static final String TYPE = "\\s*(?:[A-Za-z][A-Za-z0-9-]*|(?:OID\\.)?[0-9]+(?:\\.[0-9]+)+)\\s*=";
    private static final Pattern SLASH = Pattern.compile("/(?=" + TYPE + ")");
    private static final Pattern PLUS = Pattern.compile("\\+(?=" + TYPE + ")");
    private static final String SPECIAL = " ,+\"\\<>;#=/";

    private final String text;

    DistinguishedNameText(String text) {
        this.text = text.strip();
    }

    /** The attributes of each relative distinguished name. */
    List<List<String>> parts() {
        return text.startsWith("/") ? slashed() : separated();
    }

    private List<List<String>> slashed() {
        List<List<String>> parts = new ArrayList<>();
        String[] printed = SLASH.split(text, -1);
        check(printed.length > 1 && printed[0].isEmpty());
        for (int i = 1; i < printed.length; i++) {
            parts.add(PLUS.splitAsStream(printed[i])
                    .map(DistinguishedNameText::attribute)
                    .toList());
        }
        return parts;
    }

    private List<List<String>> separated() {
        List<List<String>> parts = new ArrayList<>();
        List<String> part = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == ';' || c == '+')) {
                part.add(attribute(text.substring(start, i)));
                start = i + 1;
                if (c != '+') {
                    parts.add(List.copyOf(part));
                    part.clear();
                }
            }
        }
        check(!quoted);
        part.add(attribute(text.substring(start)));
        parts.add(List.copyOf(part));
        return parts;
    }

    private static String attribute(String text) {
        int equals = text.indexOf('=');
        check(equals > 0);
        String value = text.substring(equals + 1).stripLeading();
        return DistinguishedName.attribute(
                type(text.substring(0, equals).strip()), value.startsWith("#") ? encoded(value) : string(value));
    }

    /** SN is a surname to OpenSSL, and a serial number to others. */
    private static String type(String name) {
        check(!name.toUpperCase(Locale.ROOT).equals("SN"));
        return BCStyle.INSTANCE.attrNameToOID(name).getId();
    }

    private static String encoded(String value) {
        check(value.strip().length() > 1);
        try {
            return DistinguishedName.value(ASN1Primitive.fromByteArray(
                    HexFormat.of().parseHex(value.substring(1).strip())));
        } catch (IOException e) {
            throw new IllegalArgumentException("an encoded value is malformed", e);
        }
    }

    private static String string(String text) {
        String value = text.strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String inner = quoted ? value.substring(1, value.length() - 1) : value;
        for (int i = 0; i < inner.length(); ) {
            i = inner.charAt(i) == '\\' ? escaped(inner, i, bytes) : plain(inner, i, bytes);
        }
        String folded = DistinguishedName.folded(utf8(bytes.toByteArray()));
        check(!folded.isEmpty());
        return folded;
    }

    private static int plain(String text, int at, ByteArrayOutputStream bytes) {
        int end = text.offsetByCodePoints(at, 1);
        check(text.charAt(at) != '"');
        bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
        return end;
    }

    /** A special character, or a byte of UTF-8 in hex, which OpenSSL may print with an x before it. */
    private static int escaped(String text, int at, ByteArrayOutputStream bytes) {
        int digits = text.startsWith("\\x", at) ? at + 2 : at + 1;
        if (digits + 2 <= text.length()
                && HexFormat.isHexDigit(text.charAt(digits))
                && HexFormat.isHexDigit(text.charAt(digits + 1))) {
            bytes.write(HexFormat.fromHexDigits(text, digits, digits + 2));
            return digits + 2;
        }
        // An escaped space at the end was stripped with the others.
        check(at + 1 == text.length() || SPECIAL.indexOf(text.charAt(at + 1)) >= 0);
        bytes.write(at + 1 == text.length() ? ' ' : text.charAt(at + 1));
        return Math.min(at + 2, text.length());
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a value is not UTF-8", e);
        }
    }

    private static void check(boolean wellFormed) {
        if (!wellFormed) {
            throw new IllegalArgumentException("the name is malformed");
        }
    }
}
