package dev.tokenservice.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Holds a whole exchange, from the wait for a connection to the last byte of the answer, to a deadline by cancelling the
 * request. The answer is read here, so that none of it is outside the deadline, none is longer than allowed, and every
 * connection is back in the pool before anybody looks at what it said.
 *
 * <p>Google's libraries know a connect timeout and a read timeout but no total. The read timeout that they ask for is taken
 * for the total here; the timeout of a single read is ours.
 */
final class DeadlineInterceptor implements ExecChainHandler {

    private static final String IDENTITY = "identity";

    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
    private final GoogleTransport.Limits limits;
    private final RequestConfig config;

    DeadlineInterceptor(GoogleTransport.Limits limits) {
        this.limits = limits;
        this.config = RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(limits.connect()))
                .setResponseTimeout(Timeout.of(limits.read()))
                .setRedirectsEnabled(false)
                .build();
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        long budget = budget(scope.clientContext.getRequestConfigOrDefault());
        scope.clientContext.setRequestConfig(config);
        // Google's libraries ask for gzip by default, and would inflate whatever comes without a bound.
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
        Exchange exchange = new Exchange((HttpUriRequestBase) scope.originalRequest, budget);
        running.add(exchange);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            byte[] content = received(response.getEntity());
            if (response.getCode() / 100 == 2) {
                JsonBounds.check(content);
            }
            response.setEntity(new ByteArrayEntity(content, type(response.getEntity())));
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            scope.execRuntime.discardEndpoint();
            if (exchange.isLate()) {
                throw new SocketTimeoutException("no complete answer within " + budget + " ms");
            }
            if (e instanceof HttpException || e instanceof MalformedChunkCodingException) {
                // Its message repeats what was read: it may hold control characters, or a token.
                throw new IOException(
                        "the answer is not proper HTTP (" + e.getClass().getSimpleName() + ")");
            }
            throw e;
        } finally {
            running.remove(exchange);
        }
    }

    /**
     * Cancels what is over its time. To be called every now and then: an alarm clock for each exchange would cost it a
     * change of threads, and none is about milliseconds.
     */
    void cancelLate() {
        for (Exchange exchange : running) {
            if (exchange.isLate()) {
                exchange.request.cancel();
            }
        }
    }

    private long budget(RequestConfig asked) {
        Timeout readTimeout = asked.getResponseTimeout();
        long total = GoogleTransport.millis(limits.total());
        return readTimeout == null || readTimeout.isDisabled() ? total : Math.min(total, readTimeout.toMilliseconds());
    }

    private static @Nullable ContentType type(@Nullable HttpEntity entity) {
        return entity == null ? null : ContentType.parseLenient(entity.getContentType());
    }

    private byte[] received(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        String coding = entity.getContentEncoding();
        if (coding != null && !coding.equalsIgnoreCase(IDENTITY)) {
            throw new IOException("the answer is compressed, which was not asked for");
        }
        InputStream content = entity.getContent();
        byte[] bytes = content.readNBytes(limits.responseBytes() + 1);
        if (bytes.length > limits.responseBytes()) {
            throw new IOException("the answer is longer than " + limits.responseBytes() + " bytes");
        }
        content.close();
        return bytes;
    }

    private static final class Exchange {

        private final HttpUriRequestBase request;
        private final long end;

        Exchange(HttpUriRequestBase request, long millis) {
            this.request = request;
            this.end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        }

        boolean isLate() {
            return System.nanoTime() - end >= 0;
        }
    }
}
