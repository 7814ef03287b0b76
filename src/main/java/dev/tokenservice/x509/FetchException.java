package dev.tokenservice.x509;

import dev.tokenservice.oauth.Quoted;
import org.jspecify.annotations.Nullable;

/** A revocation list was not taken. The message is one line, to be read after its URL, and names no remedy. */
final class FetchException extends Exception {

    private static final int LONGEST = 300;

    private final FetchOutcome outcome;

    FetchException(FetchOutcome outcome, String problem) {
        this(outcome, problem, null);
    }

    FetchException(FetchOutcome outcome, String problem, @Nullable Throwable cause) {
        super(Quoted.bare(problem, LONGEST), cause);
        this.outcome = outcome;
    }

    FetchOutcome outcome() {
        return outcome;
    }
}
