package dev.tokenservice.signing;

import dev.tokenservice.configuration.ExitStatus;

/** A {@code keys} command failed. The message is one line: what is wrong, and what to do. */
final class KeysException extends RuntimeException {

    private final int status;

    KeysException(String problem) {
        this(problem, ExitStatus.FAILED);
    }

    private KeysException(String problem, int status) {
        super(problem, null, false, false);
        this.status = status;
    }

    /** Returns an exception for something that could not be checked. */
    static KeysException notJudged(String problem) {
        return new KeysException(problem, ExitStatus.NOT_JUDGED);
    }

    int status() {
        return status;
    }
}
