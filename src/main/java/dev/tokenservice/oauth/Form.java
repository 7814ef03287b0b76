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

    /** Largest number of parameters in a body or a query. A token request has seven, and unknown ones are ignored. */
    public static final int MAX_PARAMETERS = 64;

    private static final String FORMAT = "format";

    /** Characters of a percent escape. */
    private static final int ESCAPED_LENGTH = 3;

    /** The form of a request without a body. */
    public static final Form NONE = read(new byte[0]);

    private final Map<String, String> parameters;
    private final boolean externalCredential;
    private final boolean tooManyParameters;
    private final Optional<Refusal> problem;

    private Form(
            Map<String, String> parameters,
            boolean externalCredential,
            boolean tooManyParameters,
            Optional<Refusal> problem) {
        this.parameters = parameters;
        this.externalCredential = externalCredential;
        this.tooManyParameters = tooManyParameters;
        this.problem = problem;
    }

    /** Reads a body, once and to its end: what is wrong with it, and its first fault decides that, is for its turn. */
    public static Form read(byte[] body) {
        Map<String, String> parameters = new HashMap<>();
        boolean asks = false;
        boolean asksForAnother = false;
        Optional<Refusal> problem = Optional.empty();
        int count = 0;
        FormPairs pairs = new FormPairs(body);
        while (pairs.next()) {
            count++;
            if (isFormat(pairs)) {
                boolean external = isExternalCredential(pairs.value());
                asks |= external;
                asksForAnother |= !external;
            }
            if (problem.isEmpty() && count <= MAX_PARAMETERS) {
                problem = keep(pairs, parameters);
            }
        }
        boolean tooMany = count > MAX_PARAMETERS;
        return new Form(
                parameters,
                asks && !asksForAnother,
                tooMany,
                tooMany ? refused("the body must not have more than " + MAX_PARAMETERS + " parameters") : problem);
    }

    /** The same form as the beginning of a body that is too long or broke off. */
    public Form incomplete(Refusal why) {
        return new Form(parameters, externalCredential, false, Optional.of(why));
    }

    private static Optional<Refusal> keep(FormPairs pairs, Map<String, String> parameters) {
        FormPairs.Decoded name = pairs.name();
        FormPairs.Decoded value = pairs.value();
        Optional<String> fault = name.fault().or(value::fault);
        if (fault.isPresent()) {
            return refused("the body is not a form-encoded one: " + fault.get());
        }
        return parameters.put(name.text(), value.text()) == null
                ? Optional.empty()
                : refused("a parameter must not be repeated: " + Quoted.of(name.text()));
    }

    private static Optional<Refusal> refused(String description) {
        return Optional.of(
                Refusal.because(ReasonCode.MALFORMED_REQUEST, description).build());
    }

    /**
     * Returns the form, if it is valid.
     *
     * @throws RefusedException when it is malformed, names a parameter twice, has too many of them, or is incomplete
     */
    public Form checked() {
        if (problem.isPresent()) {
            throw new RefusedException(problem.get());
        }
        return this;
    }

    /** Returns whether that is what is wrong with it. */
    public boolean hasTooManyParameters() {
        return tooManyParameters;
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

    /** Returns the value of a parameter; an empty one counts as absent (RFC 6749 section 3.2). */
    public Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Returns whether it asks for the executable-credential format, however broken the rest of it is: the shape of an error
     * must not depend on the error. A body that names several formats asks for none.
     */
    public boolean asksForExternalCredential() {
        return externalCredential;
    }

    private static boolean isExternalCredential(FormPairs.Decoded format) {
        return format.fault().isEmpty() && format.text().equals(EXTERNAL_CREDENTIAL);
    }

    /** Looks at the length first: a body can have 20,000 names, and only those of a few lengths can be this one. */
    private static boolean isFormat(FormPairs pairs) {
        return pairs.hasValue()
                && pairs.nameLength() >= FORMAT.length()
                && pairs.nameLength() <= FORMAT.length() * ESCAPED_LENGTH
                && pairs.name().text().equals(FORMAT);
    }
}
