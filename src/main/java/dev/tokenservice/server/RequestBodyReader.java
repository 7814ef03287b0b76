package dev.tokenservice.server;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.resources.HttpErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Reads bodies, bounded in length, in time, and in the number of threads that wait for the next byte of one: clients that
 * send theirs byte by byte must not keep the others, or the platform's probes, from being served.
 */
final class RequestBodyReader {

    /** The longest body of a token request. */
    static final int MAX_LENGTH = 64 * 1024;

    private static final int INITIAL_LENGTH = 1024;

    /** Many fewer than there are threads. A body that is there already, as almost all are, does not count. */
    private static final int MOST_WAITING = 64;

    /** From the first byte to the last. The connector's idle timeout bounds each wait, not their sum. */
    static final Duration MAX_DURATION = Duration.ofSeconds(20);

    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    RequestBody read(HttpServletRequest request) {
        long announced = request.getContentLengthLong();
        if (announced > MAX_LENGTH && request.getHeader("Expect") != null) {
            return incomplete(new byte[0], tooLarge());
        }
        byte[] buffer = new byte[(int) (announced < 0 ? INITIAL_LENGTH : Math.min(announced, MAX_LENGTH) + 1)];
        int length = 0;
        try {
            InputStream input = request.getInputStream();
            long start = System.nanoTime();
            while (length != announced) {
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, MAX_LENGTH + 1));
                }
                int count = read(input, buffer, length);
                if (count < 0) {
                    break;
                }
                length += count;
                if (length > MAX_LENGTH) {
                    return incomplete(Arrays.copyOf(buffer, MAX_LENGTH), tooLarge());
                }
                if (System.nanoTime() - start > MAX_DURATION.toNanos()) {
                    return incomplete(Arrays.copyOf(buffer, length), malformed());
                }
            }
            return new RequestBody(Arrays.copyOf(buffer, length), Optional.empty());
        } catch (IOException e) {
            // The client went away, was too slow, or broke the framing: if it still reads, it gets an answer.
            return incomplete(Arrays.copyOf(buffer, length), malformed().withCause(e));
        } catch (OAuthException e) {
            return incomplete(Arrays.copyOf(buffer, length), e);
        }
    }

    private int read(InputStream input, byte[] buffer, int from) throws IOException {
        if (input.available() > 0) {
            return input.read(buffer, from, buffer.length - from);
        }
        if (!waiting.tryAcquire()) {
            throw OAuthException.of(
                            OAuthError.TEMPORARILY_UNAVAILABLE,
                            "too many requests arrive slowly: send the body at once, or try again later")
                    .withRetryAfter(OAuthError.TEMPORARILY_UNAVAILABLE.status(), Duration.ofSeconds(1));
        }
        try {
            return input.read(buffer, from, buffer.length - from);
        } finally {
            waiting.release();
        }
    }

    private static RequestBody incomplete(byte[] content, OAuthException problem) {
        return new RequestBody(content, Optional.of(problem));
    }

    private static OAuthException tooLarge() {
        return HttpErrors.refusal(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
    }

    private static OAuthException malformed() {
        return HttpErrors.refusal(HttpServletResponse.SC_BAD_REQUEST);
    }
}
