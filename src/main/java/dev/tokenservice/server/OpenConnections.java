package dev.tokenservice.server;

import dev.tokenservice.telemetry.ConnectionMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one port, bounded in number and in the bytes that requests hold which are still arriving. Where there
 * are too many, those that go are the ones that have been longest without a complete request: never a request that is being
 * answered, and never by address, as everybody comes from the same one behind a load balancer.
 *
 * <p>Each request comes here several times. A lock of the port would be held, under a flood, by threads that wait for a
 * processor: only who makes room takes one, and the rest is guarded by the connection that it is about.
 */
final class OpenConnections {

    /**
     * The limits of a port.
     *
     * @param connections most connections at the same time
     * @param heldBytes most bytes that incomplete requests hold, all together
     */
    record Limits(int connections, long heldBytes) {}

    /** Even where connections are opened as fast as they can be, each has this time for its request. */
    private static final long LEAST_TIME = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);
    private static final long LOG_INTERVAL = TimeUnit.MINUTES.toNanos(1);
    private static final String TOO_MANY = "too_many";
    private static final String TOO_MUCH_HELD = "too_much_held";

    private final String port;
    private final Limits limits;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;

    /** Those without a complete request, the longest first. */
    private final ConcurrentNavigableMap<Long, ClientEndPoint> waiting = new ConcurrentSkipListMap<>();

    /** Those of them whose incomplete request holds bytes, the longest first. */
    private final ConcurrentNavigableMap<Long, ClientEndPoint> holding = new ConcurrentSkipListMap<>();

    private final AtomicLong order = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong nextLog;

    OpenConnections(String port, Limits limits, ConnectionMetrics metrics, LongSupplier nanoTime) {
        this.port = port;
        this.limits = limits;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.nextLog = new AtomicLong(nanoTime.getAsLong());
        metrics.expect(TOO_MANY);
        metrics.expect(TOO_MUCH_HELD);
        for (Phase phase : Phase.values()) {
            metrics.expect(phase.label());
        }
    }

    int open() {
        return open.get();
    }

    long held() {
        return held.get();
    }

    /** Whether the next connection would take the place of one that has had hardly any time for its request. */
    boolean isCrowded() {
        Map.Entry<Long, ClientEndPoint> oldest = waiting.firstEntry();
        return oldest != null
                && open.get() >= limits.connections()
                && nanoTime.getAsLong() - oldest.getValue().waitingSince < LEAST_TIME;
    }

    /** Takes in a new connection; another one makes room for it if need be. */
    void opened(ClientEndPoint connection) {
        synchronized (connection) {
            connection.counted = true;
            open.incrementAndGet();
            await(connection);
        }
        makeRoom(() -> open.get() > limits.connections(), waiting, null, TOO_MANY);
    }

    /**
     * Keeps bytes for a request that is still arriving.
     *
     * @param bytes all bytes that it holds, including earlier ones
     * @return false where there is no room, although others were closed to make some
     */
    boolean hold(ClientEndPoint connection, int bytes) {
        int before;
        synchronized (connection) {
            if (!connection.counted) {
                return false;
            }
            before = connection.held;
            keep(connection, bytes);
            if (before == 0) {
                holding.remove(connection.holdingPlace);
                connection.holdingPlace = order.incrementAndGet();
            }
            holding.put(connection.holdingPlace, connection);
        }
        makeRoom(() -> held.get() > limits.heldBytes(), holding, connection, TOO_MUCH_HELD);
        if (held.get() <= limits.heldBytes()) {
            return true;
        }
        synchronized (connection) {
            keep(connection, Math.min(before, connection.held));
        }
        return false;
    }

    /** The connection has a complete request, which is going to be answered. */
    void complete(ClientEndPoint connection) {
        synchronized (connection) {
            connection.answering = true;
            waiting.remove(connection.waitingPlace);
            holding.remove(connection.holdingPlace);
        }
    }

    void answered(ClientEndPoint connection) {
        synchronized (connection) {
            connection.answering = false;
            if (connection.counted) {
                release(connection);
                waiting.remove(connection.waitingPlace);
                await(connection);
            }
        }
    }

    void closed(ClientEndPoint connection) {
        synchronized (connection) {
            forget(connection);
        }
    }

    /** Gives up the connection that has been longest without a complete request: there is no descriptor for another one. */
    void closeOldest() {
        int before = open.get();
        makeRoom(() -> open.get() >= before, waiting, null, TOO_MANY);
    }

    /** Counts a connection that is going to be closed because a phase took too long. */
    void overdue(Phase phase) {
        metrics.closed(phase.label());
    }

    private void await(ClientEndPoint connection) {
        connection.waitingSince = nanoTime.getAsLong();
        connection.waitingPlace = order.incrementAndGet();
        waiting.put(connection.waitingPlace, connection);
    }

    private void forget(ClientEndPoint connection) {
        if (connection.counted) {
            connection.counted = false;
            open.decrementAndGet();
            waiting.remove(connection.waitingPlace);
            release(connection);
        }
    }

    private void keep(ClientEndPoint connection, int bytes) {
        held.addAndGet(bytes - connection.held);
        connection.held = bytes;
    }

    private void release(ClientEndPoint connection) {
        keep(connection, 0);
        holding.remove(connection.holdingPlace);
    }

    /**
     * Closes the oldest, but for one, as long as there are too many. One thread at a time does, so that no more go than
     * need to.
     */
    private void makeRoom(
            BooleanSupplier tooMany,
            ConcurrentNavigableMap<Long, ClientEndPoint> oldest,
            @Nullable ClientEndPoint spared,
            String reason) {
        if (!tooMany.getAsBoolean()) {
            return;
        }
        List<ClientEndPoint> leaving = new ArrayList<>();
        synchronized (this) {
            for (ClientEndPoint next : oldest.values()) {
                if (!tooMany.getAsBoolean()) {
                    break;
                }
                synchronized (next) {
                    if (next != spared && next.counted && !next.answering) {
                        forget(next);
                        leaving.add(next);
                    }
                }
            }
        }
        close(leaving, reason);
    }

    private void close(List<ClientEndPoint> leaving, String reason) {
        for (ClientEndPoint connection : leaving) {
            metrics.closed(reason);
            connection.close(reason);
        }
        if (!leaving.isEmpty() && mayLog()) {
            LOG.warn(
                    "the {} port reached its limit of {} connections or {} bytes of incomplete requests; the "
                            + "service closes the connections that have been longest without a complete request",
                    port,
                    limits.connections(),
                    limits.heldBytes());
        }
    }

    private boolean mayLog() {
        long now = nanoTime.getAsLong();
        long next = nextLog.get();
        return now - next >= 0 && nextLog.compareAndSet(next, now + LOG_INTERVAL);
    }
}
