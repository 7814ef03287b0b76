package dev.tokenservice.telemetry;

import java.util.Locale;

/** How a TLS handshake can end; the values of a metric's label. */
public enum HandshakeOutcome {
    OK,
    /** The client did not finish in time. */
    TIMEOUT,
    /** The client closed the connection before the end. */
    CLOSED,
    /** The service closed the connection, as the TLS port has reached a limit. */
    LIMIT,
    /** The client sent an alert: it does not accept the server's certificate, for instance. */
    ALERT,
    /** The client's certificate, or its chain, cannot be read. */
    CERTIFICATE,
    /** The server name that the client asked for is not a DNS name. */
    SNI,
    /** No common version or cipher suite, or no TLS at all. */
    PROTOCOL,
    OTHER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
