package dev.tokenservice.server;

import dev.tokenservice.telemetry.Exhaustion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A client's connection, with what the service keeps for it, and since when it does what it does. */
final class ClientEndPoint extends SocketChannelEndPoint {

    private final OpenConnections connections;

    /** What {@link OpenConnections} keeps; all but what is volatile is guarded by this connection. */
    boolean counted;

    int held;
    long waitingPlace;
    long holdingPlace;
    volatile long waitingSince;

    /** Whether its request is complete and not yet answered. */
    volatile boolean answering;

    /** All of these are guarded by the connector, which looks at the deadlines. */
    private Phase phase = Phase.OPENED;

    private long requests;
    private long since;
    private boolean readFailed;

    /** Why the service closes the connection; null as long as it does not. */
    private volatile @Nullable String closeReason;

    ClientEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            OpenConnections connections,
            long now) {
        super(channel, selector, key, scheduler);
        this.connections = connections;
        this.since = now;
    }

    /** Returns the connection that a request came over. */
    static ClientEndPoint of(Request request) {
        return of(request.getConnectionMetaData().getConnection().getEndPoint());
    }

    /** Returns the connection below TLS, where there is TLS. */
    static ClientEndPoint of(EndPoint endPoint) {
        return (ClientEndPoint) (endPoint instanceof EndPoint.Wrapper tls ? tls.unwrap() : endPoint);
    }

    OpenConnections connections() {
        return connections;
    }

    /** Closes the connection for a reason of the service's own: a label of the metric of closed connections. */
    void close(String reason) {
        closeReason = reason;
        close();
    }

    /** The reason of the service to close the connection; empty if the service did not close it for a limit. */
    Optional<String> closeReason() {
        return Optional.ofNullable(closeReason);
    }

    /** Ends what has taken too long; a request whose body does not come is still answered, if its client reads. */
    void checkDeadline(long now) {
        if (!isOpen()) {
            return;
        }
        HttpConnection http = http();
        Phase current = phase(http);
        long started = http == null ? 0 : http.getMessagesIn();
        if (current != phase || started != requests) {
            phase = current;
            requests = started;
            since = now;
            readFailed = false;
        } else if (now - since > (readFailed ? Phase.CLOSING : phase).limit().toNanos()) {
            if (!readFailed) {
                connections.overdue(phase);
            }
            if (readFailed || phase != Phase.BODY) {
                close(phase.label());
            } else {
                readFailed = true;
                since = now;
            }
        }
        if (readFailed && http != null) {
            failRead(http);
        }
    }

    /** A parser does not tell that a request without a body is complete, or that nobody wants the body there is. */
    private Phase phase(@Nullable HttpConnection http) {
        if (http == null) {
            return Phase.OPENED;
        }
        return answering ? Phase.ANSWER : Phase.of(http);
    }

    /**
     * A reader that waits for the next bytes learns that they will not come. Nothing happens where somebody has just got
     * some.
     */
    private static void failRead(HttpConnection http) {
        if (http.getEndPoint() instanceof AbstractEndPoint endPoint) {
            endPoint.getFillInterest().onFail(new TimeoutException("the body is not complete"));
        }
    }

    private @Nullable HttpConnection http() {
        Connection connection = getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getSslEndPoint().getConnection();
        }
        return connection instanceof HttpConnection http ? http : null;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        try {
            return super.fill(buffer);
        } catch (OutOfMemoryError e) {
            Exhaustion.endIfCausedBy(e);
            throw e;
        }
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        try {
            return super.flush(buffers);
        } catch (OutOfMemoryError e) {
            Exhaustion.endIfCausedBy(e);
            throw e;
        }
    }
}
