package dev.tokenservice.outbound;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is not used again once it holds bytes that no request asked for: they would be taken for the answer to the
 * next request (RFC 9112 section 9.2).
 */
final class CheckedConnection extends DefaultManagedHttpClientConnection {

    private static final AtomicLong COUNT = new AtomicLong();

    private CheckedConnection() {
        super(
                "outbound-" + COUNT.incrementAndGet(),
                null,
                null,
                AnswerParser.bounds(),
                null,
                null,
                null,
                new AnswerParsers());
    }

    /** Opens a connection. The pool always passes {@code null}, and connects it later. */
    static ManagedHttpClientConnection create(@Nullable Socket socket) throws IOException {
        CheckedConnection connection = new CheckedConnection();
        if (socket != null) {
            connection.bind(socket);
        }
        return connection;
    }

    /** The pool asks this before each further request on the connection. */
    @Override
    public boolean isStale() throws IOException {
        return holdsUnaskedBytes() || super.isStale();
    }

    /** Under TLS, what has arrived is still encrypted in the socket below, or decrypted already. */
    private boolean holdsUnaskedBytes() throws IOException {
        @Nullable SocketHolder sockets = getSocketHolder();
        return sockets != null
                && (sockets.getBaseSocket().getInputStream().available() > 0
                        || sockets.getInputStream().available() > 0);
    }
}
