package dev.tokenservice.signing;

import java.nio.file.Path;

/** Signing cannot start. The message is one line: which setting or file, what is wrong, what to do. */
public final class SigningKeyException extends RuntimeException {

    SigningKeyException(String problem) {
        super(problem);
    }

    SigningKeyException(Path path, String problem, Throwable cause) {
        super("SIGNING_KEYS: " + path + " " + problem, cause);
    }

    SigningKeyException(Path path, String problem) {
        super("SIGNING_KEYS: " + path + " " + problem);
    }
}
