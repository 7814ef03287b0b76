package dev.tokenservice.server;

import dev.tokenservice.api.RequestContext;
import dev.tokenservice.api.RequestId;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.Paths;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a request through once it is complete. Only the body of a token request is read; any other is left where it is, and
 * the connection ends with the answer. A task of the admin port reads its own.
 */
final class RequestBodies extends Handler.Wrapper {

    RequestBodies(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ClientEndPoint connection = ClientEndPoint.of(request);
        Request.addCompletionListener(
                request, failure -> connection.connections().answered(connection));
        response.getHeaders().put(RequestId.HEADER, RequestId.of(request));
        if (hasBody(request) && Ports.isAdmin(request)) {
            return super.handle(request, response, callback);
        }
        Form form = Form.NONE;
        if (hasBody(request) && isForToken(request)) {
            FormReader reader = new FormReader(
                    request,
                    response,
                    body -> request.getContext().execute(() -> answer(body, request, response, callback)));
            RequestBody body = reader.read().orElse(null);
            if (body == null) {
                return true;
            }
            form = body.form();
        } else if (hasBody(request)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        begin(connection, request, form);
        return super.handle(request, response, callback);
    }

    /** The rest of {@link #handle}, for a body that came later. */
    private void answer(RequestBody body, Request request, Response response, Callback callback) {
        ClientEndPoint connection = ClientEndPoint.of(request);
        if (!connection.isOpen()) {
            callback.failed(new EofException("the connection was closed before the request was complete"));
            return;
        }
        begin(connection, request, body.form());
        LaterHandling.handle(getHandler(), request, response, callback);
    }

    private static void begin(ClientEndPoint connection, Request request, Form form) {
        RequestContext.open(request, form);
        connection.connections().complete(connection);
    }

    private static boolean hasBody(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    /** Also with another method or content type: the parameter {@code format} shapes the refusal of these, too. */
    private static boolean isForToken(Request request) {
        return Paths.TOKEN.equals(request.getHttpURI().getPath());
    }
}
