package dev.tokenservice.api;

import dev.tokenservice.authentication.Connection;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.telemetry.Limit;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.telemetry.TraceContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands before every resource of the application port and lets through what is proper HTTP for an endpoint that there
 * is: path, method, expectation, content type, accepted type, size and form, in this order. A server's own answers to
 * these differ by layer, and some of them are empty, or a 500.
 */
public final class RequestGate implements Filter {

    private static final List<String> READ = List.of("GET", "HEAD");
    private static final List<String> PROBES = List.of("ready", "alive");
    private static final Map<String, List<String>> METHODS = Map.of(
            Paths.ROOT, READ,
            Paths.OPENID_CONFIGURATION, READ,
            Paths.AUTHORIZATION_SERVER, READ,
            Paths.JWKS, READ,
            Paths.HEALTH_CHECK, READ,
            Paths.TOKEN, List.of("POST"));

    private final Refusals refusals;
    private final ServiceMetrics metrics;

    public RequestGate(Refusals refusals, ServiceMetrics metrics) {
        this.refusals = refusals;
        this.metrics = metrics;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        Optional<String> trace =
                TraceContext.traceId(request.getHeader("traceparent"), request.getHeader("X-Cloud-Trace-Context"));
        try (TraceContext.Scope scope = TraceContext.open(trace)) {
            request.setAttribute(Connection.ATTRIBUTE, Connections.of(request));
            check(request, response);
            chain.doFilter(new ReadRequest(request), response);
        } catch (OAuthException | ServletException e) {
            write(refusals.answer(e, request), response);
        }
    }

    private void check(HttpServletRequest request, HttpServletResponse response) {
        ContentNegotiation.checkExpectation(request);
        String path = request.getRequestURI();
        RequestBody body =
                request.getAttribute(RequestBody.ATTRIBUTE) instanceof RequestBody read ? read : RequestBody.NONE;
        RequestState state = new RequestState(Form.asksForExternalCredential(body.content()));
        if (path.equals(Paths.TOKEN)) {
            request.setAttribute(RequestState.ATTRIBUTE, state);
        }
        List<String> methods = METHODS.get(path);
        if (methods == null) {
            throw HttpErrors.refusal(HttpServletResponse.SC_NOT_FOUND);
        }
        if (!methods.contains(request.getMethod())) {
            response.setHeader("Allow", String.join(", ", methods));
            throw HttpErrors.refusal(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        }
        if (path.equals(Paths.TOKEN)) {
            ContentNegotiation.checkForm(request);
        }
        ContentNegotiation.checkAccept(request);
        if (path.equals(Paths.TOKEN)) {
            state.tokenRequest(TokenRequest.of(form(body.complete())));
        }
        if (path.equals(Paths.HEALTH_CHECK)) {
            checkProbe(request);
        }
    }

    private Form form(byte[] body) {
        if (Form.count(body) > Form.MAX_PARAMETERS) {
            metrics.limitHit(Limit.FORM_PARAMETERS);
            throw OAuthException.of(
                    OAuthError.INVALID_REQUEST,
                    "the body must not have more than " + Form.MAX_PARAMETERS + " parameters");
        }
        return Form.parse(body);
    }

    /** A probe of something that there is not must fail: it would tell its platform for ever that all is well. */
    private static void checkProbe(HttpServletRequest request) {
        String[] types = request.getParameterValues("type");
        if (types != null && (types.length > 1 || !PROBES.contains(types[0]))) {
            throw OAuthException.of(OAuthError.INVALID_REQUEST, "type must be given once: ready, or alive");
        }
    }

    private static void write(ErrorAnswer answer, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }
}
