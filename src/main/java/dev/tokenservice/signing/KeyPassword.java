package dev.tokenservice.signing;

import dev.tokenservice.files.SecretLine;
import dev.tokenservice.x509.PemKeyReader;
import java.nio.file.Path;

/** What the files of signing keys are encrypted with; empty where they are not. */
final class KeyPassword {

    private static final String SETTING = "SIGNING_KEYS_PASSWORD or SIGNING_KEYS_PASSWORD_FILE";
    private static final int LONGEST = 1024;

    private final char[] value;

    private KeyPassword(char[] value) {
        this.value = value;
    }

    static KeyPassword of(String value) {
        return new KeyPassword(value.toCharArray());
    }

    /**
     * Reads a file of one line; the end of the line is no part of the password.
     *
     * @throws dev.tokenservice.files.UnusableFileException when it holds anything else
     */
    static KeyPassword read(Path file) {
        return of(SecretLine.read(file, "password", LONGEST));
    }

    boolean isSet() {
        return value.length > 0;
    }

    char[] value() {
        return value.clone();
    }

    /** Reads keys that are encrypted with it, and keys that are not encrypted. */
    PemKeyReader reader() {
        return PemKeyReader.withPassword(SETTING, value);
    }
}
