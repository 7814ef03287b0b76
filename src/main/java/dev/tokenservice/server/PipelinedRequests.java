package dev.tokenservice.server;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets other connections go first where a client sends one request after the other without waiting for the answers (RFC 9112
 * section 9.3.2): such a request goes to the end of the queue for a thread. Otherwise, a connection with an endless series of
 * requests would keep its thread, and a few hundred of them would keep all threads. The admin port has more threads than
 * connections.
 */
final class PipelinedRequests extends Handler.Wrapper {

    PipelinedRequests(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Ports.isAdmin(request) || !BoundedHttpConnection.isPipelined(request)) {
            return super.handle(request, response, callback);
        }
        ClientEndPoint connection = ClientEndPoint.of(request);
        OpenConnections connections = connection.connections();
        if (!connections.hold(connection, BoundedHttpConnection.costOfHead(request))) {
            // Too much memory waits already. The client repeats on a new connection what was not answered.
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
            return super.handle(request, response, callback);
        }
        Request.addCompletionListener(request, failure -> connections.answered(connection));
        try {
            request.getContext().execute(() -> LaterHandling.handle(getHandler(), request, response, callback));
            return true;
        } catch (RejectedExecutionException e) {
            return super.handle(request, response, callback); // The server has stopped.
        }
    }
}
