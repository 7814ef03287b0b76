package dev.tokenservice.signing;

import dev.tokenservice.files.SecretLine;
import dev.tokenservice.x509.PemKeyReader;
import java.nio.file.Path;

/** The password of encrypted key files; empty if the files are not encrypted. */
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
     * Reads a password file with one line. The line break is not part of the password.
     *
     * @throws dev.tokenservice.files.UnusableFileException if it has no password, several lines, or more than 1024 characters
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

    /** Returns a reader for keys with this password, and for keys without encryption. */
    PemKeyReader reader() {
        return PemKeyReader.withPassword(SETTING, value);
    }
}
