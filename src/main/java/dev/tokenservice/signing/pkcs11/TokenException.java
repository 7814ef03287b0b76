package dev.tokenservice.signing.pkcs11;

import java.util.stream.Stream;
import javax.security.auth.login.FailedLoginException;
import org.jspecify.annotations.Nullable;

/** A token does not do what it was asked to. The message says why, in a part of a line. */
public final class TokenException extends Exception {

    private final boolean ofPin;

    TokenException(String problem) {
        this(problem, false, null);
    }

    private TokenException(String problem, boolean ofPin, @Nullable Throwable cause) {
        super(problem, cause);
        this.ofPin = ofPin;
    }

    /** The token does not take the PIN, and must not be given it again: it locks after some attempts. */
    static TokenException ofPin() {
        return new TokenException("the token refuses the PIN", true, null);
    }

    /** What the library says stands in the innermost of several exceptions. */
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

    /** The one that led to an exception; none where something else did. */
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
