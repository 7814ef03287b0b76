package dev.tokenservice.outbound;

import dev.tokenservice.outbound.RefusedAnswerException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
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
import org.apache.hc.core5.http.MessageConstraintException;
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

    private final GoogleTransport.Limits limits;
    private final ExchangeDeadlines deadlines;
    private final Consumer<Reason> refusals;
    private final AnswerCheck check;
    private final RequestConfig config;

    /** What else an answer must be, once all of it is here. */
    interface AnswerCheck {

        void check(ClassicHttpResponse answer, byte[] content) throws IOException;
    }

    DeadlineInterceptor(
            GoogleTransport.Limits limits, ExchangeDeadlines deadlines, Consumer<Reason> refusals, AnswerCheck check) {
        this.deadlines = deadlines;
        this.check = check;
        this.limits = limits;
        this.refusals = refusals;
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
        Exchange exchange = deadlines.begin((HttpUriRequestBase) scope.originalRequest, budget);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            byte[] content = received(response.getEntity());
            check.check(response, content);
            response.setEntity(new ByteArrayEntity(content, type(response.getEntity())));
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            scope.execRuntime.discardEndpoint();
            throw failure(exchange.isLate(), budget, e);
        } finally {
            deadlines.end(exchange);
        }
    }

    private IOException failure(boolean late, long budget, Exception e) {
        if (late || e instanceof SocketTimeoutException) {
            refusals.accept(Reason.TIME);
            return late ? new SocketTimeoutException("no complete answer within " + budget + " ms") : (IOException) e;
        }
        if (e instanceof RuntimeException unforeseen) {
            throw unforeseen;
        }
        @Nullable RefusedAnswerException refused = refused(e);
        if (refused == null) {
            return (IOException) e;
        }
        refusals.accept(refused.reason());
        return refused;
    }

    private static @Nullable RefusedAnswerException refused(Exception e) {
        if (e instanceof RefusedAnswerException refused) {
            return refused;
        }
        // The messages of the library repeat what was read: it may hold control characters, or a token.
        if (e instanceof MessageConstraintException) {
            return new RefusedAnswerException(Reason.HEAD, "the head of the answer exceeds its limits");
        }
        boolean improper = e instanceof HttpException || e instanceof MalformedChunkCodingException;
        return improper
                ? new RefusedAnswerException(
                        Reason.FRAMING,
                        "the answer is not proper HTTP (" + e.getClass().getSimpleName() + ")")
                : null;
    }

    private long budget(RequestConfig asked) {
        Timeout readTimeout = asked.getResponseTimeout();
        long total = limits.total().toMillis();
        return readTimeout == null || readTimeout.isDisabled() ? total : Math.min(total, readTimeout.toMilliseconds());
    }

    /** Google's libraries decode what they are told: that must be what was checked. */
    private static @Nullable ContentType type(@Nullable HttpEntity entity) {
        @Nullable ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
        return type == null ? null : type.withCharset(StandardCharsets.UTF_8);
    }

    private byte[] received(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        String coding = entity.getContentEncoding();
        if (coding != null && !coding.equalsIgnoreCase(IDENTITY)) {
            throw new RefusedAnswerException(
                    Reason.CODING, "the answer is compressed, although the service did not ask for that");
        }
        InputStream content = entity.getContent();
        byte[] bytes = content.readNBytes(limits.responseBytes() + 1);
        if (bytes.length > limits.responseBytes()) {
            throw new RefusedAnswerException(
                    Reason.BODY, "the answer is longer than " + limits.responseBytes() + " bytes");
        }
        content.close();
        return bytes;
    }
}
