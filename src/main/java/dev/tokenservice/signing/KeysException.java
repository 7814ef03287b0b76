package dev.tokenservice.signing;

import dev.tokenservice.configuration.ExitStatus;

/** A command on keys cannot do what it was asked to. The message is one line: what is wrong, what to do. */
final class KeysException extends RuntimeException {

    private final int status;

    KeysException(String problem) {
        this(problem, ExitStatus.FAILED);
    }

    private KeysException(String problem, int status) {
        super(problem, null, false, false);
        this.status = status;
    }

    /** Something that was to be looked at could not be. */
    static KeysException notJudged(String problem) {
        return new KeysException(problem, ExitStatus.NOT_JUDGED);
    }

    int status() {
        return status;
    }
}
