package dev.tokenservice.server;

import dev.tokenservice.telemetry.ConnectionMetrics;
import java.util.ArrayList;
import java.util.Collection;
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

/**
 * The connections of one port, bounded in number and in the bytes that requests hold which are still arriving. Where there
 * are too many, those that go are the ones that have been longest without a complete request: never a request that is being
 * answered, and never by address, as everybody comes from the same one behind a load balancer. Answers that clients do not read
 * have a bound of their own.
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

    /** The most answers of a port that their clients do not read. Each holds memory, and no thread. */
    static final int MAX_UNREAD = 256;

    /** Even where connections are opened as fast as they can be, each has this time for its request. */
    private static final long LEAST_TIME = TimeUnit.MILLISECONDS.toNanos(250);

    private final Limits limits;
    private final ConnectionClosing closing;
    private final LongSupplier nanoTime;

    /** Those without a complete request, the longest first. */
    private final ConcurrentNavigableMap<Long, ClientEndPoint> waiting = new ConcurrentSkipListMap<>();

    /** Answers that are not written yet because their clients do not read, the oldest first. */
    private final ConcurrentNavigableMap<Long, BufferedAnswer> unread = new ConcurrentSkipListMap<>();

    private final AtomicLong order = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final HeldBytes held = new HeldBytes();

    OpenConnections(String port, Limits limits, ConnectionMetrics metrics, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.closing = new ConnectionClosing(port, limits, metrics, nanoTime);
    }

    int open() {
        return open.get();
    }

    long held() {
        return held.total();
    }

    /** Returns whether the next connection would take the place of one that has had hardly any time for its request. */
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
        makeRoom(() -> open.get() > limits.connections(), waiting.values(), null, ConnectionClosing.TOO_MANY);
    }

    /**
     * Keeps bytes for a request that is still arriving.
     *
     * @param bytes all bytes that it holds, including earlier ones
     * @return false if there is no room, although others were closed to make some
     */
    boolean hold(ClientEndPoint connection, int bytes) {
        int before;
        synchronized (connection) {
            if (!connection.counted) {
                return false;
            }
            before = connection.held;
            held.hold(connection, bytes);
        }
        makeRoom(() -> held.total() > limits.heldBytes(), held.oldest(), connection, ConnectionClosing.TOO_MUCH_HELD);
        if (held.total() <= limits.heldBytes()) {
            return true;
        }
        synchronized (connection) {
            held.keep(connection, Math.min(before, connection.held));
        }
        return false;
    }

    /** The connection has a complete request, which is going to be answered. */
    void complete(ClientEndPoint connection) {
        synchronized (connection) {
            connection.answering = true;
            waiting.remove(connection.waitingPlace);
            held.leave(connection);
        }
    }

    void answered(ClientEndPoint connection) {
        synchronized (connection) {
            connection.answering = false;
            if (connection.counted) {
                held.release(connection);
                waiting.remove(connection.waitingPlace);
                await(connection);
            }
        }
    }

    /**
     * Takes in an answer that can only be written if its client reads. If there are too many, the connection that has been waiting
     * longest is closed.
     */
    void unread(BufferedAnswer answer) {
        answer.unreadPlace = order.incrementAndGet();
        unread.put(answer.unreadPlace, answer);
        if (answer.isWritten()) {
            read(answer);
        }
        List<BufferedAnswer> leaving = new ArrayList<>();
        synchronized (unread) {
            while (unread.size() > MAX_UNREAD) {
                Map.Entry<Long, BufferedAnswer> oldest = unread.pollFirstEntry();
                if (oldest != null) {
                    leaving.add(oldest.getValue());
                }
            }
        }
        leaving.stream().filter(each -> !each.isWritten()).forEach(each -> closing.unread(each.connection()));
    }

    /** Forgets an answer that is written, or never will be. */
    void read(BufferedAnswer answer) {
        unread.remove(answer.unreadPlace);
    }

    void closed(ClientEndPoint connection) {
        synchronized (connection) {
            forget(connection);
        }
    }

    /** Gives up the connection that has been longest without a complete request: there is no descriptor for another one. */
    void closeOldest() {
        int before = open.get();
        makeRoom(() -> open.get() >= before, waiting.values(), null, ConnectionClosing.TOO_MANY);
    }

    /** Counts a connection that is going to be closed because a phase took too long. */
    void overdue(Phase phase) {
        closing.overdue(phase);
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
            held.release(connection);
        }
    }

    /**
     * Closes the oldest, but for one, as long as there are too many. One thread at a time does, so that no more go than
     * need to.
     */
    private void makeRoom(
            BooleanSupplier tooMany,
            Collection<ClientEndPoint> oldest,
            @Nullable ClientEndPoint spared,
            String reason) {
        if (!tooMany.getAsBoolean()) {
            return;
        }
        List<ClientEndPoint> leaving = new ArrayList<>();
        synchronized (this) {
            for (ClientEndPoint next : oldest) {
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
        closing.close(leaving, reason);
    }
}
