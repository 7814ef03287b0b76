package dev.tokenservice.server;

import dev.tokenservice.api.HttpErrors;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads one form without a thread that waits for it. What has arrived is copied, so that no buffer is kept, and accounted
 * for from the moment at which there is more to wait for.
 */
final class FormReader implements Invocable.Task {

    /** The longest body of a token request. */
    static final int MAX_LENGTH = 64 * 1024;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Request request;
    private final Response response;
    private final ClientEndPoint connection;
    private final Consumer<RequestBody> later;
    private final int head;
    private boolean expected;
    private byte[] buffer = new byte[0];
    private int length;

    FormReader(Request request, Response response, Consumer<RequestBody> later) {
        this.request = request;
        this.response = response;
        this.connection = ClientEndPoint.of(request);
        this.later = later;
        this.head = BoundedHttpConnection.costOfHead(request);
        this.expected = request.getHeaders().contains(HttpHeader.EXPECT);
    }

    /**
     * Reads what is there.
     *
     * @return empty if it is not all there yet; the consumer then gets the body, on whatever thread reads the last of it
     */
    Optional<RequestBody> read() {
        if (expected && request.getLength() > MAX_LENGTH) {
            return incomplete(tooLarge());
        }
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return await();
            }
            if (Content.Chunk.isFailure(chunk)) {
                // The client went away, was too slow, or broke the framing: if it still reads, it gets an answer.
                return incomplete(HttpErrors.refusal(HttpServletResponse.SC_BAD_REQUEST)
                        .cause(chunk.getFailure())
                        .build());
            }
            append(chunk.getByteBuffer());
            chunk.release();
            if (length > MAX_LENGTH) {
                length = MAX_LENGTH;
                return incomplete(tooLarge());
            }
            if (chunk.isLast()) {
                return Optional.of(new RequestBody(content(), Optional.empty()));
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What becomes of the interim answer is seen when the body is read.
    private Optional<RequestBody> await() {
        if (BoundedHttpConnection.announcedChunk(request) > MAX_LENGTH) {
            return incomplete(tooLarge());
        }
        if (!connection.connections().hold(connection, head + buffer.length)) {
            return incomplete(tooMuchHeld());
        }
        if (!expected) {
            request.demand(this);
            return Optional.empty();
        }
        expected = false;
        response.writeInterim(HttpStatus.CONTINUE_100, HttpFields.EMPTY)
                .whenComplete((written, failure) -> request.demand(this));
        return Optional.empty();
    }

    @Override
    public void run() {
        read().ifPresent(later);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private void append(ByteBuffer bytes) {
        int count = Math.min(bytes.remaining(), MAX_LENGTH + 1 - length);
        if (length + count > buffer.length) {
            int size = Math.max(length + count, Math.min(2 * buffer.length, MAX_LENGTH + 1));
            buffer = Arrays.copyOf(buffer, size);
        }
        bytes.get(buffer, length, count);
        length += count;
    }

    private byte[] content() {
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
    }

    /** The rest of the body is not read, so that no other request can follow it (RFC 9112 section 9.3). */
    private Optional<RequestBody> incomplete(Refusal problem) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        return Optional.of(new RequestBody(content(), Optional.of(problem)));
    }

    private static Refusal tooLarge() {
        return HttpErrors.refusal(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE)
                .build();
    }

    private static Refusal tooMuchHeld() {
        return Refusal.because(
                        ReasonCode.RATE,
                        "too many requests arrive slowly: send the body immediately, or try again later")
                .retryAfter(RETRY_AFTER)
                .build();
    }
}
