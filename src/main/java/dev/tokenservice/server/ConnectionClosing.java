package dev.tokenservice.server;

import dev.tokenservice.telemetry.ConnectionMetrics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes connections of a port before their time, counts them by reason, and logs now and then that it has to. */
final class ConnectionClosing {

    static final String TOO_MANY = "too_many";
    static final String TOO_MUCH_HELD = "too_much_held";
    private static final String UNREAD = "unread";

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionClosing.class);
    private static final long LOG_INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private final String port;
    private final OpenConnections.Limits limits;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLog;

    ConnectionClosing(String port, OpenConnections.Limits limits, ConnectionMetrics metrics, LongSupplier nanoTime) {
        this.port = port;
        this.limits = limits;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.nextLog = new AtomicLong(nanoTime.getAsLong());
        metrics.expect(TOO_MANY);
        metrics.expect(TOO_MUCH_HELD);
        metrics.expect(UNREAD);
        for (Phase phase : Phase.values()) {
            metrics.expect(phase.label());
        }
    }

    void overdue(Phase phase) {
        metrics.closed(phase.label());
    }

    void close(List<ClientEndPoint> leaving, String reason) {
        leaving.forEach(connection -> close(connection, reason));
        if (!leaving.isEmpty() && logs()) {
            LOG.warn(
                    "the {} port reached its limit of {} connections or {} bytes of incomplete requests; the "
                            + "service closes the connections that have been longest without a complete request",
                    port,
                    limits.connections(),
                    limits.heldBytes());
        }
    }

    void unread(ClientEndPoint connection) {
        close(connection, UNREAD);
        if (logs()) {
            LOG.warn(
                    "more than {} clients of the {} port do not read their answers; the service closes the connections "
                            + "that have been waiting longest",
                    OpenConnections.MAX_UNREAD,
                    port);
        }
    }

    private void close(ClientEndPoint connection, String reason) {
        metrics.closed(reason);
        connection.close(reason);
    }

    private boolean logs() {
        long now = nanoTime.getAsLong();
        long next = nextLog.get();
        return now - next >= 0 && nextLog.compareAndSet(next, now + LOG_INTERVAL);
    }
}
