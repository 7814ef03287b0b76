package dev.tokenservice.server;

import dev.tokenservice.api.ErrorAnswer;
import dev.tokenservice.api.HttpErrors;
import dev.tokenservice.api.RequestContext;
import dev.tokenservice.api.RequestId;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.telemetry.Limit;
import dev.tokenservice.telemetry.LineBudget;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the error of each request that does not pass the gate, whether the gate refuses it or, before and beside the gate,
 * Jetty (malformed requests, too large headers, a stopping server): for every method, whatever the client accepts.
 */
final class JsonErrorHandler extends ErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(JsonErrorHandler.class);

    /** An HTTP version or a transfer coding that nobody knows is the client's fault, which no 5xx may hide. */
    private static final Set<Integer> NOT_HTTP = Set.of(
            HttpStatus.UPGRADE_REQUIRED_426, HttpStatus.NOT_IMPLEMENTED_501, HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505);

    /** What the statuses mean on the admin port. */
    private static final Map<Integer, String> OPERATORS = Map.of(
            HttpStatus.NOT_FOUND_404, "the admin port has nothing at this path: / lists its pages",
            HttpStatus.METHOD_NOT_ALLOWED_405,
                    "this path of the admin port does not accept this method: tasks accept POST, all others GET",
            HttpStatus.PAYLOAD_TOO_LARGE_413, "the form of a task must not be larger than 2 KiB");

    /** A service that stops is replaced by another one soon. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ServiceMetrics metrics;
    private final LineBudget budget;

    /**
     * Makes the handler of one server.
     *
     * @param budget for the lines with the reasons of refused requests
     */
    JsonErrorHandler(ServiceMetrics metrics, LineBudget budget) {
        this.metrics = metrics;
        this.budget = budget;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = status(request, response);
        if (request.getAttribute(ERROR_EXCEPTION) instanceof HttpException failure) {
            report(request, status, failure);
            // Where one message is not understood, nobody can say where the next one begins.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Optional<RequestContext> context = RequestContext.find(request);
        ErrorAnswer answer = context.flatMap(RequestContext::error)
                .orElseGet(() -> ErrorAnswer.of(
                        refusal(request, status),
                        context.filter(RequestContext::externalCredential).isPresent()));
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(RequestId.HEADER, RequestContext.requestId(request));
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
        return true;
    }

    /** The answer says little, and Jetty logs nothing, so this line says what a proxy did wrong. */
    private void report(Request request, int status, HttpException failure) {
        metrics.rejected(status);
        if (status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431) {
            metrics.limitHit(Limit.HEADERS);
        } else if (status == HttpStatus.URI_TOO_LONG_414) {
            metrics.limitHit(Limit.URI);
        }
        OptionalLong suppressed = budget.take();
        if (suppressed.isPresent()) {
            LOG.atInfo()
                    .addKeyValue("status", status)
                    .addKeyValue("request_id", RequestContext.requestId(request))
                    .addKeyValue("peer", Request.getRemoteAddr(request))
                    .addKeyValue("reason", reason(status, failure))
                    .addKeyValue("suppressed", suppressed.getAsLong())
                    .log("request refused");
        }
    }

    /** Some of Jetty's reasons end with a colon and the value that it found, which may be a secret. */
    private static String reason(int status, HttpException failure) {
        String reason = failure.getReason() == null ? HttpErrors.description(status) : failure.getReason();
        int value = reason.indexOf(": ");
        Throwable cause = ((Throwable) failure).getCause();
        return (value < 0 ? reason : reason.substring(0, value))
                + (cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")");
    }

    private static int status(Request request, Response response) {
        int status = request.getAttribute(ERROR_EXCEPTION) instanceof HttpException failure
                ? failure.getCode()
                : response.getStatus();
        return NOT_HTTP.contains(status) ? HttpStatus.BAD_REQUEST_400 : status;
    }

    private static Refusal refusal(Request request, int status) {
        if (Ports.isAdmin(request) && OPERATORS.containsKey(status)) {
            return Refusal.because(ReasonCode.MALFORMED_REQUEST, OPERATORS.get(status))
                    .status(status)
                    .build();
        }
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            return Refusal.because(ReasonCode.RATE, HttpErrors.description(status))
                    .retryAfter(RETRY_AFTER)
                    .build();
        }
        return status >= HttpStatus.INTERNAL_SERVER_ERROR_500
                ? Refusal.because(ReasonCode.INTERNAL, HttpErrors.description(status))
                        .build()
                : HttpErrors.refusal(status).build();
    }
}
