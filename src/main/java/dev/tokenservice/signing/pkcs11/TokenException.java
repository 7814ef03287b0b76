package dev.tokenservice.signing.pkcs11;

import java.util.stream.Stream;
import javax.security.auth.login.FailedLoginException;
import org.jspecify.annotations.Nullable;

/** An operation of a PKCS#11 token failed. The message is part of a line, and says why. */
public final class TokenException extends Exception {

    private final boolean ofPin;

    TokenException(String problem) {
        this(problem, false, null);
    }

    private TokenException(String problem, boolean ofPin, @Nullable Throwable cause) {
        super(problem, cause);
        this.ofPin = ofPin;
    }

    /**
     * Returns an exception for a wrong PIN. Callers must not try the same PIN again, because a token locks after some
     * attempts.
     */
    static TokenException ofPin() {
        return new TokenException("the token refuses the PIN", true, null);
    }

    /** Returns an exception with the message of the innermost cause, which comes from the library. */
    static TokenException of(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            innermost = cause;
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof FailedLoginException || message.startsWith("CKR_PIN_")) {
                return ofPin();
            }
        }
        String message = innermost.getMessage();
        return new TokenException(message == null ? innermost.getClass().getSimpleName() : message, false, failure);
    }

    /** Returns the token exceptions among the causes of an exception. */
    public static Stream<TokenException> among(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(TokenException.class::isInstance)
                .map(TokenException.class::cast)
                .limit(1);
    }

    boolean isOfPin() {
        return ofPin;
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
