package dev.tokenservice.server;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An answer in memory. Its maker continues as soon as the answer is complete, the server when the connection has taken all of it.
 */
final class BufferedAnswer extends Response.Wrapper implements Callback {

    /** In bytes; no answer for clients is as long. The maker of a longer one waits until each part is written. */
    static final int MOST = 128 * 1024;

    /** The answer is made, and it is written, in either order. */
    private static final int EVENTS = 2;

    private final ClientEndPoint connection;
    private final Callback callback;
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicBoolean completed = new AtomicBoolean();
    private byte[] content = new byte[0];
    private boolean begun;
    private boolean last;
    private volatile @Nullable Throwable failure;
    private volatile boolean written;

    /** Set by {@link OpenConnections}. */
    volatile long unreadPlace;

    BufferedAnswer(Request request, Response response, Callback callback) {
        super(request, response);
        this.connection = ClientEndPoint.of(request);
        this.callback = callback;
    }

    ClientEndPoint connection() {
        return connection;
    }

    /** Returns whether the connection has taken all of it, or has failed. */
    boolean isWritten() {
        return written;
    }

    @Override
    public void write(boolean isLast, @Nullable ByteBuffer bytes, Callback caller) {
        if (last) {
            refuseMore(bytes, caller);
            return;
        }
        begun = true;
        if (bytes != null) {
            add(bytes);
        }
        if (content.length > MOST) {
            last = isLast;
            super.write(isLast, take(), isLast ? new Ending(caller) : caller);
            return;
        }
        if (isLast) {
            writeRest();
        }
        caller.succeeded();
    }

    private static void refuseMore(@Nullable ByteBuffer bytes, Callback caller) {
        if (bytes == null || !bytes.hasRemaining()) {
            caller.succeeded();
        } else {
            caller.failed(new IllegalStateException("the answer has ended"));
        }
    }

    private void add(ByteBuffer bytes) {
        int length = content.length;
        int count = bytes.remaining();
        content = Arrays.copyOf(content, length + count);
        bytes.get(content, length, count);
    }

    private ByteBuffer take() {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        content = new byte[0];
        return bytes;
    }

    private void writeRest() {
        last = true;
        super.write(true, take(), new Ending(Callback.NOOP));
        if (!written) {
            connection.connections().unread(this);
        }
    }

    /** Ends the last write. */
    private final class Ending implements Callback {

        private final Callback caller;

        Ending(Callback caller) {
            this.caller = caller;
        }

        @Override
        public void succeeded() {
            ended();
            happened();
            caller.succeeded();
        }

        /** Runs on any thread, even on the one that checks the deadlines of all connections, which must not wait. */
        @Override
        public void failed(Throwable cause) {
            failure = cause;
            ended();
            try {
                getRequest().getComponents().getExecutor().execute(BufferedAnswer.this::happened);
            } catch (RejectedExecutionException e) {
                happened(); // The server has stopped.
            }
            caller.failed(cause);
        }

        private void ended() {
            written = true;
            connection.connections().read(BufferedAnswer.this);
        }

        /** The end of a request writes a line of the access log, which can block: a selector must not run it. */
        @Override
        public InvocationType getInvocationType() {
            return InvocationType.BLOCKING;
        }
    }

    private void happened() {
        if (events.incrementAndGet() == EVENTS && completed.compareAndSet(false, true)) {
            Throwable cause = failure;
            if (cause == null) {
                callback.succeeded();
            } else {
                callback.failed(cause);
            }
        }
    }

    /** A buffered part cannot be taken back, although it may not be sent yet. */
    @Override
    public boolean isCommitted() {
        return begun || super.isCommitted();
    }

    @Override
    public void reset() {
        if (begun) {
            throw new IllegalStateException("a part of the answer is made");
        }
        super.reset();
    }

    /** The answer is made. */
    @Override
    public void succeeded() {
        if (!last) {
            writeRest();
        }
        happened();
    }

    /** The answer cannot be made. */
    @Override
    public void failed(Throwable cause) {
        if (completed.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }
}
