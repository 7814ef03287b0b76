package dev.tokenservice.server;

import dev.tokenservice.telemetry.ConnectionMetrics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one port, bounded in number and in the bytes that requests hold which are still arriving. Where there
 * are too many, those that go are the ones that have been longest without a complete request: never a request that is being
 * answered, and never by address, as everybody comes from the same one behind a load balancer.
 */
final class OpenConnections {

    /**
     * What a port may have.
     *
     * @param connections most connections at the same time
     * @param heldBytes most bytes that incomplete requests hold, all together
     */
    record Limits(int connections, long heldBytes) {}

    private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);
    private static final long LOG_INTERVAL = TimeUnit.MINUTES.toNanos(1);
    private static final String TOO_MANY = "too_many";
    private static final String TOO_MUCH_HELD = "too_much_held";

    private final String port;
    private final Limits limits;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;

    /** Those without a complete request, the longest first. */
    private final Set<ClientEndPoint> waiting = new LinkedHashSet<>();

    /** Those of them whose incomplete request holds bytes, the longest first. */
    private final Set<ClientEndPoint> holding = new LinkedHashSet<>();

    private int open;
    private long held;
    private long nextLog;

    OpenConnections(String port, Limits limits, ConnectionMetrics metrics, LongSupplier nanoTime) {
        this.port = port;
        this.limits = limits;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.nextLog = nanoTime.getAsLong();
        metrics.expect(TOO_MANY);
        metrics.expect(TOO_MUCH_HELD);
        for (Phase phase : Phase.values()) {
            metrics.expect(phase.label());
        }
    }

    synchronized int open() {
        return open;
    }

    synchronized long held() {
        return held;
    }

    /** Takes in a new connection; another one makes room for it if need be. */
    void opened(ClientEndPoint connection) {
        List<ClientEndPoint> leaving = new ArrayList<>();
        synchronized (this) {
            connection.counted = true;
            open++;
            waiting.add(connection);
            for (Iterator<ClientEndPoint> oldest = waiting.iterator();
                    open > limits.connections() && oldest.hasNext(); ) {
                ClientEndPoint leaver = oldest.next();
                oldest.remove();
                forget(leaver);
                leaving.add(leaver);
            }
        }
        close(leaving, TOO_MANY);
    }

    /**
     * Keeps bytes for a request that is still arriving.
     *
     * @param bytes all that it holds, of which it may have held some before
     * @return false where there is no room, although others were closed to make some
     */
    boolean hold(ClientEndPoint connection, int bytes) {
        List<ClientEndPoint> leaving = new ArrayList<>();
        boolean fits;
        synchronized (this) {
            if (!connection.counted) {
                return false;
            }
            int before = connection.held;
            keep(connection, bytes);
            for (Iterator<ClientEndPoint> oldest = holding.iterator();
                    held > limits.heldBytes() && oldest.hasNext(); ) {
                ClientEndPoint other = oldest.next();
                if (other != connection) {
                    oldest.remove();
                    forget(other);
                    leaving.add(other);
                }
            }
            fits = held <= limits.heldBytes();
            if (!fits) {
                keep(connection, before);
            }
            holding.add(connection);
        }
        close(leaving, TOO_MUCH_HELD);
        return fits;
    }

    /** The connection has a complete request, which is going to be answered. */
    synchronized void complete(ClientEndPoint connection) {
        waiting.remove(connection);
        holding.remove(connection);
    }

    /** The request was answered. */
    synchronized void answered(ClientEndPoint connection) {
        if (connection.counted) {
            release(connection);
            waiting.add(connection);
        }
    }

    synchronized void closed(ClientEndPoint connection) {
        forget(connection);
    }

    /** Gives up the connection that has been longest without a complete request: there is no descriptor for another one. */
    void closeOldest() {
        List<ClientEndPoint> leaving = new ArrayList<>();
        synchronized (this) {
            Iterator<ClientEndPoint> oldest = waiting.iterator();
            if (oldest.hasNext()) {
                leaving.add(oldest.next());
                forget(leaving.get(0));
            }
        }
        close(leaving, TOO_MANY);
    }

    /** Counts a connection that is going to be closed because a phase took too long. */
    void overdue(Phase phase) {
        metrics.closed(phase.label());
    }

    private void forget(ClientEndPoint connection) {
        if (connection.counted) {
            connection.counted = false;
            open--;
            waiting.remove(connection);
            release(connection);
        }
    }

    private void keep(ClientEndPoint connection, int bytes) {
        held += bytes - connection.held;
        connection.held = bytes;
    }

    private void release(ClientEndPoint connection) {
        keep(connection, 0);
        holding.remove(connection);
    }

    private void close(List<ClientEndPoint> leaving, String reason) {
        for (ClientEndPoint connection : leaving) {
            metrics.closed(reason);
            connection.close();
        }
        if (!leaving.isEmpty() && mayLog()) {
            LOG.warn(
                    "the {} port has reached its limit of {} connections or {} bytes of incomplete requests: those that "
                            + "are longest without a complete request are closed",
                    port,
                    limits.connections(),
                    limits.heldBytes());
        }
    }

    private synchronized boolean mayLog() {
        long now = nanoTime.getAsLong();
        if (now - nextLog < 0) {
            return false;
        }
        nextLog = now + LOG_INTERVAL;
        return true;
    }
}
