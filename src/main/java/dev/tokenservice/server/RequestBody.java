package dev.tokenservice.server;

import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.resources.HttpErrors;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The body of a token request, as far as it may go. What goes wrong while it is read is kept until it is its turn, as
 * method and content type are judged first, and the shape of their errors depends on the body.
 *
 * @param content what was read: the whole body, or the beginning of one that is too long or broke off
 * @param problem why it is not complete; 0 where it is, else the HTTP status
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never kept.
record RequestBody(byte[] content, int problem) {

    /** For requests that have no business with a body. */
    static final RequestBody NONE = new RequestBody(new byte[0], 0);

    private static final int MAX_LENGTH = 64 * 1024;

    /** Read and thrown away, so that a client that sends somewhat too much comes to read its answer. */
    private static final int MAX_DISCARDED = 1024 * 1024;

    /** From the first byte to the last. The connector's idle timeout bounds each wait, not their sum. */
    private static final long MAX_NANOSECONDS = TimeUnit.SECONDS.toNanos(20);

    private static final int TOO_LARGE = 413;
    private static final int MALFORMED = 400;

    static RequestBody read(HttpServletRequest request) {
        boolean asksFirst = request.getHeader("Expect") != null;
        if (asksFirst && request.getContentLengthLong() > MAX_LENGTH) {
            return new RequestBody(new byte[0], TOO_LARGE);
        }
        byte[] buffer = new byte[initialSize(request)];
        int length = 0;
        try {
            InputStream input = request.getInputStream();
            long start = System.nanoTime();
            while (length <= MAX_LENGTH) {
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, MAX_LENGTH + 1));
                }
                int count = input.read(buffer, length, buffer.length - length);
                if (count < 0) {
                    return new RequestBody(Arrays.copyOf(buffer, length), 0);
                }
                length += count;
                if (System.nanoTime() - start > MAX_NANOSECONDS) {
                    return new RequestBody(Arrays.copyOf(buffer, length), MALFORMED);
                }
            }
            discard(input, start);
            return new RequestBody(Arrays.copyOf(buffer, MAX_LENGTH), TOO_LARGE);
        } catch (IOException e) {
            // The client went away, was too slow, or broke the framing: if it still reads, it gets an answer.
            return new RequestBody(Arrays.copyOf(buffer, length), MALFORMED);
        }
    }

    private static int initialSize(HttpServletRequest request) {
        long announced = request.getContentLengthLong();
        return (int) Math.min(announced < 0 ? 1024 : announced + 1, MAX_LENGTH + 1);
    }

    private static void discard(InputStream input, long start) throws IOException {
        byte[] buffer = new byte[8192];
        int discarded = 0;
        int count = 0;
        while (count >= 0 && discarded < MAX_DISCARDED && System.nanoTime() - start < MAX_NANOSECONDS) {
            count = input.read(buffer);
            discarded += count;
        }
    }

    /**
     * The whole body.
     *
     * @throws OAuthException 413 when it is larger than 64 KiB, 400 when it did not arrive properly
     */
    byte[] complete() {
        if (problem != 0) {
            throw OAuthException.ofStatus(problem, HttpErrors.description(problem));
        }
        return content;
    }
}
