package dev.tokenservice.signing.pkcs11;

import dev.tokenservice.files.SecretLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the keys are: a URI of RFC 7512, of which the attributes {@code token}, {@code slot-id}, {@code object},
 * {@code type=private}, {@code module-path} and {@code pin-source} are taken.
 *
 * @param text the URI itself
 * @param module the library of the token
 * @param token the label of the token; empty where the slot is given
 * @param slot the number of the slot; empty where the token is given
 * @param pinFile the file with the PIN
 * @param object the label of the keys that sign; empty where there is no choice
 */
public record Pkcs11Uri(
        String text, Path module, Optional<String> token, Optional<Long> slot, Path pinFile, Optional<String> object) {

    public static final String SCHEME = "pkcs11:";

    private static final String FILE = "file:";

    /** More than any token takes. */
    private static final int LONGEST_PIN = 256;

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException with the reason, which repeats no value, when it is not one that names keys
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
     * @throws dev.tokenservice.files.UnusableFileException when its file holds anything but one line
     */
    String pin() {
        return SecretLine.read(pinFile, "PIN", LONGEST_PIN);
    }

    /** Checks that there is a PIN; see {@link #pin}. */
    public void checkPin() {
        String unused = pin();
    }

    private static Long number(String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("has a slot-id that is not a number");
        }
        return Long.valueOf(value);
    }

    /** A path, or a URI of the scheme {@code file}; RFC 7512 section 2.4 knows commands, too, which are not run. */
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
            // Said below.
        }
        throw new IllegalArgumentException("has a " + attribute + " that is not an absolute path");
    }

    /** The configuration of the JDK's provider has no escape for these. */
    private static Path library(Path module) {
        if (!module.toString().matches("[^\"$\\\\\\p{Cntrl}]+")) {
            throw new IllegalArgumentException("has a module-path with a character that Java cannot take");
        }
        return module;
    }
}
