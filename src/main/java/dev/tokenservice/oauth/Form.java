package dev.tokenservice.oauth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A form-encoded body (WHATWG URL section 5.1, RFC 6749 appendix B), read strictly: UTF-8 only, whatever charset the
 * content type names, every percent sign followed by two hex digits, no parameter twice.
 */
public final class Form {

    /** The value of {@code format} that asks for the executable-credential format (AIP-4117). */
    public static final String EXTERNAL_CREDENTIAL = "external_credential";

    private static final String FORMAT = "format";

    private final Map<String, String> parameters;

    private Form(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads a body.
     *
     * @throws OAuthException {@code invalid_request} when it is malformed or names a parameter twice
     */
    public static Form parse(byte[] body) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : pairs(body)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (parameters.put(name, value) != null) {
                throw OAuthException.of(
                        OAuthError.INVALID_REQUEST, "a parameter must not be repeated: " + OAuthException.quote(name));
            }
        }
        return new Form(parameters);
    }

    /** The value of a parameter; an empty one counts as absent (RFC 6749 section 3.2). */
    public Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Whether a body asks for the executable-credential format, however broken the rest of it is: the shape of an error
     * must not depend on the error. A body that names several formats asks for none.
     */
    public static boolean asksForExternalCredential(byte[] body) {
        List<String> formats = pairs(body).stream()
                .filter(pair -> decodedName(pair).filter(FORMAT::equals).isPresent())
                .distinct()
                .toList();
        return formats.size() == 1
                && decoded(formats.get(0).substring(formats.get(0).indexOf('=') + 1))
                        .filter(EXTERNAL_CREDENTIAL::equals)
                        .isPresent();
    }

    private static Optional<String> decodedName(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? Optional.empty() : decoded(pair.substring(0, equals));
    }

    private static Optional<String> decoded(String encoded) {
        try {
            return Optional.of(decode(encoded));
        } catch (OAuthException e) {
            return Optional.empty();
        }
    }

    /** One character a byte: what is not ASCII stays apart until a pair is decoded. */
    private static List<String> pairs(byte[] body) {
        return Arrays.stream(new String(body, StandardCharsets.ISO_8859_1).split("&"))
                .filter(pair -> !pair.isEmpty())
                .toList();
    }

    private static String decode(String encoded) {
        byte[] decoded = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                decoded[length++] = (byte) hexByte(encoded, i + 1);
                i += 2;
            } else {
                decoded[length++] = (byte) (c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("it is not UTF-8").withCause(e);
        }
    }

    private static int hexByte(String encoded, int from) {
        int high = from + 1 < encoded.length() ? Character.digit(encoded.charAt(from), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(encoded.charAt(from + 1), 16);
        if (low < 0) {
            throw malformed("a percent sign must be followed by two hex digits");
        }
        return high << 4 | low;
    }

    private static OAuthException malformed(String why) {
        return OAuthException.of(OAuthError.INVALID_REQUEST, "the body is not a form-encoded one: " + why);
    }
}
