package dev.tokenservice.server;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Frees the thread of a request once the answer is made: the rest of the answer is written as its client reads it, if ever.
 * Otherwise clients that read nothing would soon have every thread wait for them. The admin port has threads of its own, more than
 * connections, and longer answers: a thread writes each of these.
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
