package dev.tokenservice.server;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.telemetry.HandshakeOutcome;
import dev.tokenservice.telemetry.LineBudget;
import dev.tokenservice.telemetry.LogLine;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.tls.HandshakeFailure;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts TLS handshakes, and writes a line for each that fails: the client sees an alert at most, and nothing of such a
 * connection appears in the access log.
 */
final class HandshakeLog {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeLog.class);
    private static final int MAX_LENGTH = 300;

    private final ServiceMetrics metrics;
    private final LineBudget budget;

    HandshakeLog(ServiceMetrics metrics, LineBudget budget) {
        this.metrics = metrics;
        this.budget = budget;
    }

    void succeeded() {
        metrics.handshake(HandshakeOutcome.OK);
    }

    /** A connection that is opened and closed is a port scan, or a load balancer that looks whether the port is open. */
    void nothingSent() {
        metrics.handshake(HandshakeOutcome.CLOSED);
    }

    /**
     * Counts a handshake that failed, and writes its line.
     *
     * @param shown asked for the client's certificate, where the handshake came as far; nobody has verified it
     */
    void failed(@Nullable SocketAddress peer, HandshakeFailure failure, Supplier<Optional<ClientCertificate>> shown) {
        metrics.handshake(failure.outcome());
        OptionalLong suppressed = budget.take();
        if (suppressed.isPresent()) {
            LogLine line = new LogLine(LOG.atInfo())
                    .with("outcome", failure.outcome().label())
                    .with("peer", address(peer))
                    .with("reason", LogLine.cut(failure.reason(), MAX_LENGTH));
            Optional<ClientCertificate> certificate = shown.get();
            if (certificate.isPresent()) {
                line.withCertificate(certificate.get(), false, MAX_LENGTH);
            }
            line.with("suppressed", suppressed.getAsLong()).write("TLS handshake failed");
        }
    }

    private static String address(@Nullable SocketAddress peer) {
        return peer instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "unknown";
    }
}
