package dev.tokenservice.signing;

import java.nio.file.Path;

/** The folder of signing keys cannot be used. The message is one line: which file, what is wrong, what to do. */
public final class SigningKeyException extends RuntimeException {

    SigningKeyException(Path path, String problem, Throwable cause) {
        super("SIGNING_KEYS: " + path + " " + problem, cause);
    }

    SigningKeyException(Path path, String problem) {
        super("SIGNING_KEYS: " + path + " " + problem);
    }
}
