package dev.tokenservice.signing;

import dev.tokenservice.files.UnusableFileException;

/** Signing cannot start. The message is one line: which setting or file, what is wrong, what to do. */
public final class SigningKeyException extends RuntimeException {

    SigningKeyException(UnusableFileException file) {
        super(file.getMessage(), file);
    }

    SigningKeyException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
