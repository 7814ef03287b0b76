package dev.tokenservice.policy.cel;

/** An expression could not be evaluated for a request. The message says why. */
public final class EvaluationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EvaluationException(String message) {
        super(message, null, false, false);
    }
}
