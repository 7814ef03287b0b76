package dev.tokenservice.outbound;

import java.io.IOException;
import java.util.Locale;

/**
 * The answer of another server exceeds a bound, or is not proper HTTP or JSON. The message is one line, and repeats nothing of
 * the answer: that may be a token.
 */
public final class RefusedAnswerException extends IOException {

    private final Reason reason;

    public enum Reason {
        /** Size and number of its header lines, chunk extensions and trailers. */
        HEAD,
        /** Where the answer begins or ends is in doubt. */
        FRAMING,
        /** The length of its content. */
        BODY,
        /** A content coding, which no request asks for. */
        CODING,
        /** Syntax, depth, repeated members and size of numbers. */
        JSON,
        /** It was not complete in time. */
        TIME;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    RefusedAnswerException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
