package dev.tokenservice.server;

import dev.tokenservice.telemetry.HandshakeOutcome;
import dev.tokenservice.telemetry.LineBudget;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.tls.HandshakeFailure;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts TLS handshakes, and writes a line for each that fails: the client sees an alert at most, and nothing of such a
 * connection appears in the access log.
 */
final class HandshakeLog {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeLog.class);
    private static final int MAX_REASON = 300;

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

    void failed(@Nullable SocketAddress peer, HandshakeFailure failure) {
        metrics.handshake(failure.outcome());
        OptionalLong suppressed = budget.take();
        if (suppressed.isPresent()) {
            String reason = failure.reason();
            LOG.atInfo()
                    .addKeyValue("outcome", failure.outcome().label())
                    .addKeyValue("peer", address(peer))
                    .addKeyValue("reason", reason.substring(0, Math.min(reason.length(), MAX_REASON)))
                    .addKeyValue("suppressed", suppressed.getAsLong())
                    .log("TLS handshake failed");
        }
    }

    private static String address(@Nullable SocketAddress peer) {
        return peer instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "unknown";
    }
}
