package dev.tokenservice.tls;

import dev.tokenservice.telemetry.HandshakeOutcome;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Why a TLS handshake failed. The JDK tells most reasons in words only, of which those are known here that have a remedy of
 * their own.
 *
 * @param reason in the JDK's words, from the outermost cause to the innermost
 */
public record HandshakeFailure(HandshakeOutcome outcome, String reason) {

    private static final Pattern HEX_VALUE = Pattern.compile(", value=\\{[0-9A-F]*}");

    /** Those with which clients refuse the server's certificate. */
    private static final Map<Integer, String> ALERTS = Map.of(
            42, " (bad_certificate)",
            43, " (unsupported_certificate)",
            44, " (certificate_revoked)",
            45, " (certificate_expired)",
            46, " (certificate_unknown)",
            48, " (unknown_ca)");

    /** Looks at what the TLS engine threw, from the outside to the innermost cause. */
    public static HandshakeFailure of(Throwable thrown) {
        HandshakeOutcome outcome = HandshakeOutcome.OTHER;
        List<String> reasons = new ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            HandshakeOutcome found = outcome(cause);
            outcome = found.compareTo(outcome) < 0 ? found : outcome;
            String reason = reason(cause);
            // An exception made of another one repeats what that one says.
            reasons.removeIf(outer -> outer.contains(reason));
            reasons.add(reason);
        }
        return new HandshakeFailure(outcome, String.join(": ", reasons));
    }

    /** An alert that the client sent without encryption, which the JDK cannot read once keys are agreed on. */
    public static HandshakeFailure ofAlert(int code) {
        return new HandshakeFailure(
                HandshakeOutcome.ALERT,
                "the client sent the alert " + code + ALERTS.getOrDefault(code, " (RFC 8446 section B.2)"));
    }

    /** The JDK gives a server name twice, the second time in hex. */
    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : HEX_VALUE.matcher(message).replaceAll("");
    }

    private static HandshakeOutcome outcome(Throwable cause) {
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        if (cause instanceof TimeoutException) {
            return HandshakeOutcome.TIMEOUT;
        }
        if (message.contains("Received fatal alert")) {
            return HandshakeOutcome.ALERT;
        }
        if (cause instanceof CertificateException || isAboutTheChain(message)) {
            return HandshakeOutcome.CERTIFICATE;
        }
        if (message.contains("server name")) {
            return HandshakeOutcome.SNI;
        }
        if (cause instanceof SSLException) {
            return HandshakeOutcome.PROTOCOL;
        }
        return cause instanceof IOException ? HandshakeOutcome.CLOSED : HandshakeOutcome.OTHER;
    }

    /** The only message of a client that can be too large for its kind is the one with its certificates. */
    private static boolean isAboutTheChain(String message) {
        return message.contains("certificate chain length") || message.contains("size of the handshake message");
    }
}
