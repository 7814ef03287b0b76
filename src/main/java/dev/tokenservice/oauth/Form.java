package dev.tokenservice.oauth;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A form-encoded body (WHATWG URL section 5.1, RFC 6749 appendix B), read strictly: UTF-8 only, whatever charset the
 * content type names, every percent sign followed by two hex digits, no parameter twice.
 */
public final class Form {

    /** The value of {@code format} that asks for the executable-credential format (AIP-4117). */
    public static final String EXTERNAL_CREDENTIAL = "external_credential";

    /** The most parameters that a body, or a query, may have: a token request has seven, and unknown ones are ignored. */
    public static final int MAX_PARAMETERS = 64;

    private static final String FORMAT = "format";

    /** Characters of a percent escape. */
    private static final int ESCAPED_LENGTH = 3;

    private final Map<String, String> parameters;

    private Form(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads a body; its first fault decides.
     *
     * @throws OAuthException {@code invalid_request} when it is malformed or names a parameter twice
     */
    public static Form parse(byte[] body) {
        Map<String, String> parameters = new HashMap<>();
        FormPairs pairs = new FormPairs(body);
        while (pairs.next()) {
            String name = wellFormed(pairs.name());
            String value = wellFormed(pairs.value());
            if (parameters.put(name, value) != null) {
                throw OAuthException.of(
                        OAuthError.INVALID_REQUEST, "a parameter must not be repeated: " + OAuthException.quote(name));
            }
        }
        return new Form(parameters);
    }

    private static String wellFormed(FormPairs.Decoded decoded) {
        if (decoded.fault().isPresent()) {
            throw OAuthException.of(
                    OAuthError.INVALID_REQUEST,
                    "the body is not a form-encoded one: " + decoded.fault().get());
        }
        return decoded.text();
    }

    /** Counts the parameters of a form-encoded text, repeated ones each time, without decoding any. */
    public static int count(byte[] text) {
        FormPairs pairs = new FormPairs(text);
        int count = 0;
        while (pairs.next()) {
            count++;
        }
        return count;
    }

    /** Finds the first fault in a form-encoded text in which a name may be repeated, such as a query. */
    public static Optional<String> fault(byte[] text) {
        FormPairs pairs = new FormPairs(text);
        while (pairs.next()) {
            Optional<String> fault = pairs.name().fault().or(() -> pairs.value().fault());
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
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
        FormPairs pairs = new FormPairs(body);
        boolean asks = false;
        while (pairs.next()) {
            if (isFormat(pairs)) {
                FormPairs.Decoded format = pairs.value();
                if (format.fault().isPresent() || !format.text().equals(EXTERNAL_CREDENTIAL)) {
                    return false;
                }
                asks = true;
            }
        }
        return asks;
    }

    /** Looks at the length first: a body can have 20,000 names, and only those of a few lengths can be this one. */
    private static boolean isFormat(FormPairs pairs) {
        return pairs.hasValue()
                && pairs.nameLength() >= FORMAT.length()
                && pairs.nameLength() <= FORMAT.length() * ESCAPED_LENGTH
                && pairs.name().text().equals(FORMAT);
    }
}
