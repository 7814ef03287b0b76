package dev.tokenservice.signing.pkcs11;

import dev.tokenservice.files.SecretLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A PKCS#11 URI (RFC 7512) that selects the signing keys. The known attributes are {@code token}, {@code slot-id}, {@code
 * object}, {@code type=private}, {@code module-path} and {@code pin-source}.
 *
 * @param text the URI
 * @param module the path of the PKCS#11 library
 * @param token the label of the token; empty if {@code slot} is set
 * @param slot the number of the slot; empty if {@code token} is set
 * @param pinFile the file with the PIN
 * @param object the label of the keys that sign; empty if the token has only one candidate
 */
public record Pkcs11Uri(
        String text, Path module, Optional<String> token, Optional<Long> slot, Path pinFile, Optional<String> object) {

    public static final String SCHEME = "pkcs11:";

    private static final String FILE = "file:";

    /** The longest PIN that is read, in characters; longer than any token accepts. */
    private static final int LONGEST_PIN = 256;

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException if it is invalid; the message quotes no value
     */
    public static Pkcs11Uri parse(String text) {
        UriAttributes attributes = UriAttributes.parse(text);
        Optional<String> token = attributes.value("token");
        Optional<Long> slot = attributes.value("slot-id").map(Pkcs11Uri::number);
        if (token.isPresent() == slot.isPresent()) {
            throw new IllegalArgumentException("needs token=LABEL or slot-id=NUMBER, and not both");
        }
        if (attributes.value("type").filter(type -> !type.equals("private")).isPresent()) {
            throw new IllegalArgumentException("has a type other than private");
        }
        return new Pkcs11Uri(
                text,
                library(path("module-path", attributes.required("module-path"))),
                token,
                slot,
                path("pin-source", pinFile(attributes.required("pin-source"))),
                attributes.value("object"));
    }

    /**
     * Reads the PIN.
     *
     * @throws dev.tokenservice.files.UnusableFileException if its file does not hold exactly one line
     */
    String pin() {
        return SecretLine.read(pinFile, "PIN", LONGEST_PIN);
    }

    /** Checks that the PIN can be read; see {@link #pin}. */
    public void checkPin() {
        String unused = pin();
    }

    private static Long number(String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("has a slot-id that is not a number");
        }
        return Long.valueOf(value);
    }

    /** Reads a path or a {@code file} URI. RFC 7512 section 2.4 also allows commands, which are refused. */
    private static String pinFile(String source) {
        if (source.startsWith("|")) {
            throw new IllegalArgumentException("has a pin-source that is a command: name a file");
        }
        return source.startsWith(FILE)
                ? source.substring(FILE.length()).replaceFirst("^//(localhost)?(?=/)", "")
                : source;
    }

    private static Path path(String attribute, String value) {
        try {
            if (value.startsWith("/") && !value.startsWith("//")) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            // The exception below says so.
        }
        throw new IllegalArgumentException("has a " + attribute + " that is not an absolute path");
    }

    /** Checks the path of the library. The provider configuration of the JDK has no escape for these characters. */
    private static Path library(Path module) {
        if (!module.toString().matches("[^\"$\\\\\\p{Cntrl}]+")) {
            throw new IllegalArgumentException("has a module-path with a character that Java cannot take");
        }
        return module;
    }
}
