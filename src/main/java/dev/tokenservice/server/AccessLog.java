package dev.tokenservice.server;

import dev.tokenservice.api.RequestContext;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.telemetry.TraceContext;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One line for each request: method, path without the query, status, size, time taken, id, peer and user agent. */
final class AccessLog implements RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger("request");
    private static final int MAX_LENGTH = 256;
    private static final String OTHER = "other";

    /** What probes and scrapes ask for, many times a minute; the application port's and the admin port's. */
    private static final Set<String> POLLED =
            Set.of(Paths.HEALTH_CHECK, "/healthcheck", "/ping", "/prometheus", "/metrics");

    private static final Set<String> ENDPOINTS = Set.of(
            Paths.ROOT,
            Paths.TOKEN,
            Paths.OPENID_CONFIGURATION,
            Paths.AUTHORIZATION_SERVER,
            Paths.JWKS,
            Paths.HEALTH_CHECK);

    private final ServiceMetrics metrics;

    AccessLog(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void log(Request request, Response response) {
        String path = request.getHttpURI().getPath();
        long nanoseconds = NanoTime.since(request.getBeginNanoTime());
        if (!Ports.isAdmin(request)) {
            metrics.answered(
                    path != null && ENDPOINTS.contains(path) ? path : OTHER, response.getStatus(), nanoseconds);
        }
        try (TraceContext.Scope scope = TraceContext.open(RequestContext.traceId(request))) {
            LOG.atLevel(level(path, response.getStatus()))
                    .addKeyValue("method", cut(request.getMethod()))
                    .addKeyValue("path", cut(path))
                    .addKeyValue("status", response.getStatus())
                    .addKeyValue("bytes", Response.getContentBytesWritten(response))
                    .addKeyValue("microseconds", TimeUnit.NANOSECONDS.toMicros(nanoseconds))
                    .addKeyValue("request_id", RequestContext.requestId(request))
                    .addKeyValue("peer", Request.getRemoteAddr(request))
                    .addKeyValue("agent", cut(request.getHeaders().get(HttpHeader.USER_AGENT)))
                    .log("request");
        }
    }

    /** A successful probe is logged at DEBUG, because probes would bury the requests of clients. */
    private static Level level(@Nullable String path, int status) {
        return path != null && POLLED.contains(path) && HttpStatus.isSuccess(status) ? Level.DEBUG : Level.INFO;
    }

    private static String cut(@Nullable String text) {
        return text == null ? "" : text.substring(0, Math.min(text.length(), MAX_LENGTH));
    }
}
