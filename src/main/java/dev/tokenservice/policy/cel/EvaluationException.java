package dev.tokenservice.policy.cel;

/** An expression has no value for a request; the message says why. */
public final class EvaluationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EvaluationException(String message) {
        super(message, null, false, false);
    }
}
