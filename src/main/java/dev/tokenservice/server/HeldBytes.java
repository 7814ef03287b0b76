package dev.tokenservice.server;

import java.util.Collection;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that incomplete requests of a port hold, and the connections of these requests. The caller holds the lock of the
 * connection that a call is about.
 */
final class HeldBytes {

    /** The longest first. */
    private final ConcurrentNavigableMap<Long, ClientEndPoint> holding = new ConcurrentSkipListMap<>();

    private final AtomicLong order = new AtomicLong();
    private final AtomicLong total = new AtomicLong();

    long total() {
        return total.get();
    }

    /** Returns the connections that hold bytes, the longest first. */
    Collection<ClientEndPoint> oldest() {
        return holding.values();
    }

    /** Counts what a connection holds from now on, and takes it into {@link #oldest}. */
    void hold(ClientEndPoint connection, int bytes) {
        int before = connection.held;
        keep(connection, bytes);
        if (before == 0) {
            leave(connection);
            connection.holdingPlace = order.incrementAndGet();
        }
        holding.put(connection.holdingPlace, connection);
    }

    void release(ClientEndPoint connection) {
        keep(connection, 0);
        leave(connection);
    }

    /** Takes a connection out of {@link #oldest}; what it holds stays counted. */
    void leave(ClientEndPoint connection) {
        holding.remove(connection.holdingPlace);
    }

    /** Counts what a connection holds from now on. */
    void keep(ClientEndPoint connection, int bytes) {
        total.addAndGet(bytes - connection.held);
        connection.held = bytes;
    }
}
