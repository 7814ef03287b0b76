package dev.tokenservice.google;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Holds a whole exchange, from the wait for a connection to the last byte of the answer, to a deadline by cancelling the
 * request. The answer is read here, so that none of it is outside the deadline, none is longer than allowed, and every
 * connection is back in the pool before anybody looks at what it said.
 *
 * <p>Google's libraries know a connect timeout and a read timeout but no total. The read timeout that they ask for is taken
 * for the total here; the timeout of a single read is ours.
 */
final class DeadlineInterceptor implements ExecChainHandler {

    private final ScheduledExecutorService alarms;
    private final GoogleTransport.Limits limits;
    private final RequestConfig config;

    DeadlineInterceptor(ScheduledExecutorService alarms, GoogleTransport.Limits limits) {
        this.alarms = alarms;
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
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> alarm = alarms.schedule(() -> cancel(scope, late), budget, TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            response.setEntity(received(response.getEntity()));
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            scope.execRuntime.discardEndpoint();
            if (late.get()) {
                throw new SocketTimeoutException("no complete answer within " + budget + " ms");
            }
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    private long budget(RequestConfig asked) {
        Timeout readTimeout = asked.getResponseTimeout();
        long total = GoogleTransport.millis(limits.total());
        return readTimeout == null || readTimeout.isDisabled() ? total : Math.min(total, readTimeout.toMilliseconds());
    }

    private static void cancel(ExecChain.Scope scope, AtomicBoolean late) {
        late.set(true);
        ((HttpUriRequestBase) scope.originalRequest).cancel();
    }

    private HttpEntity received(HttpEntity entity) throws IOException {
        if (entity == null) {
            return new ByteArrayEntity(new byte[0], null);
        }
        InputStream content = entity.getContent();
        byte[] bytes = content.readNBytes(limits.responseBytes() + 1);
        if (bytes.length > limits.responseBytes()) {
            throw new IOException("the answer is longer than " + limits.responseBytes() + " bytes");
        }
        content.close();
        return new ByteArrayEntity(
                bytes, ContentType.parseLenient(entity.getContentType()), entity.getContentEncoding());
    }
}
