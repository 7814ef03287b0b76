package dev.tokenservice.server;

import dev.tokenservice.telemetry.Exhaustion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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

    /** Whether it is counted as open, and the bytes that are kept for it; both are guarded by {@link #connections}. */
    boolean counted;

    int held;

    /** All of these are of the thread that looks at the deadlines. */
    private Phase phase = Phase.OPENED;

    private long requests;
    private long since;
    private boolean readFailed;

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

    /** The connection that a request came over. */
    static ClientEndPoint of(Request request) {
        return of(request.getConnectionMetaData().getConnection().getEndPoint());
    }

    /** The connection below TLS, where there is TLS. */
    static ClientEndPoint of(EndPoint endPoint) {
        return (ClientEndPoint) (endPoint instanceof EndPoint.Wrapper tls ? tls.unwrap() : endPoint);
    }

    OpenConnections connections() {
        return connections;
    }

    /** Ends what has taken too long; a request whose body does not come is still answered, if its client reads. */
    void checkDeadline(long now) {
        HttpConnection http = http();
        Phase current = http == null ? Phase.OPENED : Phase.of(http);
        long started = http == null ? 0 : http.getMessagesIn();
        if (current != phase || started != requests) {
            phase = current;
            requests = started;
            since = now;
            readFailed = false;
        } else if (now - since > phase.limit().toNanos()) {
            if (phase == Phase.BODY && http != null && !readFailed) {
                readFailed = true;
                connections.overdue(phase);
                failRead(http);
            } else {
                if (!readFailed) {
                    connections.overdue(phase);
                }
                close();
            }
        }
    }

    /** Whoever waits for the next bytes is told that they will not come. Nothing happens where somebody has just got some. */
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
