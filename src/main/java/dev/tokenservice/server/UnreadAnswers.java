package dev.tokenservice.server;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Frees the thread of a request once the answer is made. The rest of the answer is written when its client reads. Otherwise, clients
 * that read nothing could occupy every thread. The admin port has more threads than connections, and longer answers: its threads
 * write these.
 */
final class UnreadAnswers extends Handler.Wrapper {

    UnreadAnswers(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Ports.isAdmin(request)) {
            return super.handle(request, response, callback);
        }
        BufferedAnswer answer = new BufferedAnswer(request, response, callback);
        return super.handle(request, answer, answer);
    }
}
