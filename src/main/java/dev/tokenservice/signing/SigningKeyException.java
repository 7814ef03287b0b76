package dev.tokenservice.signing;

import dev.tokenservice.files.UnusableFileException;

/** The signer cannot start. The message is one line: the setting or file, what is wrong, and what to do. */
public final class SigningKeyException extends RuntimeException {

    SigningKeyException(UnusableFileException file) {
        super(file.getMessage(), file);
    }

    SigningKeyException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
