package dev.tokenservice.server;

import dev.tokenservice.oauth.Form;
import dev.tokenservice.telemetry.Limit;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Bounds the parts of a request's head on every port, before anything copies, sorts or compares them: bytes are bounded, but
 * what is done for each part may cost as much as there are parts.
 */
final class RequestLimits extends Handler.Wrapper {

    /** A load balancer adds 16 headers of its own at most, and the proxies before it some ten each. */
    static final int MAX_HEADERS = 128;

    /** Of all fields as they are sent: a short target leaves no more room for them. */
    static final long MAX_HEADER_BYTES = ServerBuilder.MAX_HEADER_SIZE.toBytes();

    /** What is sent of a field beside its name and its value: a colon, a space, and the end of the line. */
    private static final int FIELD_SYNTAX = 4;

    /** RFC 9112 section 3 recommends to support 8,000 bytes. */
    static final int MAX_URI_LENGTH = 8 * 1024;

    private final ServiceMetrics metrics;

    RequestLimits(Handler handler, ServiceMetrics metrics) {
        super(handler);
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHeaders().size() > MAX_HEADERS) {
            String reason = "more than " + MAX_HEADERS + " header fields";
            return refuse(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, reason, request, response, callback);
        }
        if (headerBytes(request) > MAX_HEADER_BYTES) {
            String reason = "more than " + MAX_HEADER_BYTES + " bytes of header fields";
            return refuse(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, reason, request, response, callback);
        }
        if (!isFramedPlainly(request)) {
            String reason = "a transfer coding that is not chunked alone, or one in HTTP/1.0";
            return refuse(HttpStatus.BAD_REQUEST_400, reason, request, response, callback);
        }
        if (request.getHttpURI().getPathQuery().length() > MAX_URI_LENGTH) {
            String reason = "a request target of more than " + MAX_URI_LENGTH + " characters";
            return refuse(HttpStatus.URI_TOO_LONG_414, reason, request, response, callback);
        }
        Optional<String> fault = queryFault(request);
        return fault.isPresent()
                ? refuse(HttpStatus.BAD_REQUEST_400, fault.get(), request, response, callback)
                : super.handle(new PieceLimit(request), response, callback);
    }

    private static long headerBytes(Request request) {
        long bytes = 0;
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length()) + FIELD_SYNTAX;
        }
        return bytes;
    }

    /** A body is framed in the one way that a proxy and this server cannot read differently (RFC 9112 section 6.1). */
    private static boolean isFramedPlainly(Request request) {
        List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
        return codings.isEmpty()
                || (codings.size() == 1
                        && codings.get(0).equalsIgnoreCase("chunked")
                        && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0);
    }

    /** A later reader of a malformed query would fail in the middle of an answer. */
    private Optional<String> queryFault(Request request) {
        String query = request.getHttpURI().getQuery();
        if (query == null) {
            return Optional.empty();
        }
        byte[] text = query.getBytes(StandardCharsets.UTF_8);
        if (Form.count(text) > Form.MAX_PARAMETERS) {
            metrics.limitHit(Limit.QUERY_PARAMETERS);
            return Optional.of("more than " + Form.MAX_PARAMETERS + " parameters in the query");
        }
        return Form.fault(text).map(fault -> "a malformed query, " + fault);
    }

    private static boolean refuse(int status, String reason, Request request, Response response, Callback callback) {
        Response.writeError(request, response, callback, new HttpException.RuntimeException(status, reason));
        return true;
    }
}
