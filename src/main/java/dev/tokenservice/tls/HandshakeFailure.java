package dev.tokenservice.tls;

import dev.tokenservice.telemetry.HandshakeOutcome;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a TLS handshake failed. The JDK tells most reasons in words only, of which those are known here that have a remedy of
 * their own.
 *
 * @param reason what it means, where that is known, and the JDK's words, from the outermost cause to the innermost
 */
public record HandshakeFailure(HandshakeOutcome outcome, String reason) {

    private static final Pattern HEX_VALUE = Pattern.compile(", value=\\{[0-9A-F]*}");

    /** The alert that the server sends, which newer JDKs write before their words. */
    private static final Pattern ALERT_SENT = Pattern.compile("^(?:\\([a-z_]+\\) )+");

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
        String words = String.join(": ", reasons);
        String meaning = Known.of(words).map(known -> known.meaning() + ": ").orElse("");
        return new HandshakeFailure(outcome, meaning + words);
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
                : HEX_VALUE
                        .matcher(ALERT_SENT.matcher(message).replaceFirst(""))
                        .replaceAll("");
    }

    private static HandshakeOutcome outcome(Throwable cause) {
        Optional<Known> known = Known.of(cause.getMessage());
        if (known.isPresent()) {
            return known.get().outcome();
        }
        if (cause instanceof TimeoutException) {
            return HandshakeOutcome.TIMEOUT;
        }
        if (cause instanceof CertificateException) {
            return HandshakeOutcome.CERTIFICATE;
        }
        if (cause instanceof SSLException) {
            return HandshakeOutcome.PROTOCOL;
        }
        return cause instanceof IOException ? HandshakeOutcome.CLOSED : HandshakeOutcome.OTHER;
    }

    /**
     * A reason that has a remedy of its own.
     *
     * @param words of the JDK
     * @param meaning for an operator who does not know them
     */
    private record Known(String words, HandshakeOutcome outcome, String meaning) {

        private static final List<Known> ALL = List.of(
                new Known("Received fatal alert", HandshakeOutcome.ALERT, "the client ended the handshake"),
                new Known(
                        "Failed to parse client certificates",
                        HandshakeOutcome.CERTIFICATE,
                        "the client's certificate cannot be read"),
                new Known(
                        "Invalid CertificateVerify signature",
                        HandshakeOutcome.CERTIFICATE,
                        "the client does not have the private key of its certificate"),
                // The only message of a client that can be too large for its kind is the one with its certificates.
                new Known(
                        "size of the handshake message",
                        HandshakeOutcome.CERTIFICATE,
                        "the client's certificates are larger than 64 KiB"),
                new Known(
                        "certificate chain length",
                        HandshakeOutcome.CERTIFICATE,
                        "the client sends too many certificates"),
                new Known(
                        "server name",
                        HandshakeOutcome.SNI,
                        "the client requests a server name that is not a DNS name"),
                new Known("plaintext connection", HandshakeOutcome.PROTOCOL, "the client does not speak TLS"),
                new Known(
                        "Client requested protocol",
                        HandshakeOutcome.PROTOCOL,
                        "the client speaks neither TLS 1.2 nor TLS 1.3"),
                new Known(
                        "no cipher suites in common",
                        HandshakeOutcome.PROTOCOL,
                        "the client offers no cipher suite that the service has for the key of MTLS_CERTIFICATE"),
                new Known(
                        "No available authentication scheme",
                        HandshakeOutcome.PROTOCOL,
                        "the client accepts no signature by the key of MTLS_CERTIFICATE"),
                new Known("Broken pipe", HandshakeOutcome.CLOSED, "the client closed the connection"),
                new Known("Connection reset", HandshakeOutcome.CLOSED, "the client closed the connection"));

        static Optional<Known> of(@Nullable String message) {
            return ALL.stream()
                    .filter(known -> message != null && message.contains(known.words))
                    .findFirst();
        }
    }
}
