package dev.tokenservice.server;

import dev.tokenservice.telemetry.TraceContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request: method, path without the query, status, size, time taken, peer and user agent. */
final class RequestLine implements RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger("request");
    private static final int MAX_LENGTH = 256;

    @Override
    public void log(Request request, Response response) {
        Optional<String> trace = TraceContext.traceId(
                request.getHeaders().get("traceparent"), request.getHeaders().get("X-Cloud-Trace-Context"));
        try (TraceContext.Scope scope = TraceContext.open(trace)) {
            LOG.atInfo()
                    .addKeyValue("method", cut(request.getMethod()))
                    .addKeyValue("path", cut(request.getHttpURI().getPath()))
                    .addKeyValue("status", response.getStatus())
                    .addKeyValue("bytes", Response.getContentBytesWritten(response))
                    .addKeyValue(
                            "microseconds", TimeUnit.NANOSECONDS.toMicros(NanoTime.since(request.getBeginNanoTime())))
                    .addKeyValue("peer", Request.getRemoteAddr(request))
                    .addKeyValue("agent", cut(request.getHeaders().get(HttpHeader.USER_AGENT)))
                    .log("request");
        }
    }

    private static String cut(@Nullable String text) {
        return text == null ? "" : text.substring(0, Math.min(text.length(), MAX_LENGTH));
    }
}
