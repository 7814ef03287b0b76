package dev.tokenservice.server;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Gives up on a body that does not come. What waits for bodies behind this takes the idle timeout of a connection for a
 * passing trouble, and would wait for the next one, and the next.
 */
final class BodyDeadline extends Handler.Wrapper {

    private final Duration limit;

    /**
     * Bounds the time from the head of a request to the last byte of its body.
     *
     * @param limit looked at whenever something arrives; where nothing does, the connector's idle timeout ends the wait
     */
    BodyDeadline(Handler handler, Duration limit) {
        super(handler);
        this.limit = limit;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(new BoundedRequest(request, limit), response, callback);
    }

    private static final class BoundedRequest extends Request.Wrapper {

        private final Duration limit;

        BoundedRequest(Request request, Duration limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (Content.Chunk.isFailure(chunk, false)) {
                return Content.Chunk.from(chunk.getFailure(), true);
            }
            if (chunk != null && !chunk.isLast() && isOver()) {
                chunk.release();
                return Content.Chunk.from(new TimeoutException("the body is not complete yet"), true);
            }
            return chunk;
        }

        private boolean isOver() {
            return NanoTime.since(getBeginNanoTime()) > limit.toNanos();
        }
    }
}
