package dev.tokenservice.signing.pkcs11;

import dev.tokenservice.configuration.Suggestion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The attributes of a PKCS#11 URI, decoded: {@code pk11-URI = "pkcs11:" pk11-path [ "?" pk11-query ]}, RFC 7512 section 2.3.
 * Unknown attributes are refused, because a misspelt one would select other keys.
 */
final class UriAttributes {

    private static final List<String> IN_PATH = List.of("token", "slot-id", "object", "type");
    private static final List<String> IN_QUERY = List.of("module-path", "pin-source");

    /** {@code pk11-pchar} and {@code pk11-qchar}, without the separators of attributes. */
    private static final Pattern PATH_VALUE = Pattern.compile("(?:[\\w.~:\\[\\]@!$'()*+,=&-]|%[0-9A-Fa-f]{2})+");

    private static final Pattern QUERY_VALUE = Pattern.compile("(?:[\\w.~:\\[\\]@!$'()*+,=/?|-]|%[0-9A-Fa-f]{2})+");

    private final Map<String, String> values = new LinkedHashMap<>();

    private UriAttributes() {}

    static UriAttributes parse(String uri) {
        if (!uri.startsWith(Pkcs11Uri.SCHEME)) {
            throw new IllegalArgumentException("does not begin with " + Pkcs11Uri.SCHEME);
        }
        UriAttributes attributes = new UriAttributes();
        String[] parts = uri.substring(Pkcs11Uri.SCHEME.length()).split("\\?", 2);
        for (String attribute : parts[0].split(";", -1)) {
            attributes.add(attribute, IN_PATH, IN_QUERY, PATH_VALUE);
        }
        if (parts.length > 1) {
            for (String attribute : parts[1].split("&", -1)) {
                attributes.add(attribute, IN_QUERY, IN_PATH, QUERY_VALUE);
            }
        }
        return attributes;
    }

    private void add(String attribute, List<String> known, List<String> elsewhere, Pattern grammar) {
        String[] parts = attribute.split("=", 2);
        String name = parts[0];
        checkName(name, known, elsewhere);
        if (parts.length < 2 || !grammar.matcher(parts[1]).matches()) {
            throw new IllegalArgumentException(
                    "has a " + name + " that is empty, or has a character that must be written as %XX");
        }
        if (values.put(name, decoded(name, parts[1])) != null) {
            throw new IllegalArgumentException("has " + name + " twice");
        }
    }

    private static void checkName(String name, List<String> known, List<String> elsewhere) {
        if (name.equals("pin-value")) {
            throw new IllegalArgumentException(
                    "holds a PIN: write it to a file that only the service reads, and name that with pin-source");
        }
        if (elsewhere.contains(name)) {
            throw new IllegalArgumentException("has " + name + " on the wrong side of '?': "
                    + String.join(", ", IN_PATH) + " stand before it, " + String.join(", ", IN_QUERY) + " after it");
        }
        if (!known.contains(name)) {
            throw new IllegalArgumentException("has the attribute '" + name(name) + "', which is not one of "
                    + String.join(", ", IN_PATH) + ", " + String.join(", ", IN_QUERY)
                    + Suggestion.among(known, name));
        }
    }

    /** Returns a name for a message. A text that is not a name could be a secret value without its name. */
    private static String name(String found) {
        return found.matches("[a-z-]{1,32}") ? found : "…";
    }

    private static String decoded(String name, String value) {
        ByteBuffer bytes = ByteBuffer.allocate(value.length());
        for (int i = 0; i < value.length(); i++) {
            boolean escape = value.charAt(i) == '%';
            bytes.put((byte) (escape ? Integer.parseInt(value, i + 1, i + 3, 16) : value.charAt(i)));
            i += escape ? 2 : 0;
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // The exception below says so.
        }
        throw new IllegalArgumentException("has a " + name + " that is not a text in UTF-8");
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String required(String name) {
        return value(name).orElseThrow(() -> new IllegalArgumentException("has no " + name));
    }
}
