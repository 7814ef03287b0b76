package dev.tokenservice.api;

import dev.tokenservice.authentication.ClientAuthentication;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gate before every resource of the application port. Checks path, method, expectation, content type, accepted type,
 * size and form, in this order. Without it, the answers would differ between the layers of the server, and some would be
 * empty, or a 500.
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

    private final ClientAuthentication clients;
    private final Refusals refusals;
    private final ServiceMetrics metrics;

    public RequestGate(ClientAuthentication clients, Refusals refusals, ServiceMetrics metrics) {
        this.clients = clients;
        this.refusals = refusals;
        this.metrics = metrics;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        RequestContext context = RequestContext.of(request);
        identify(context, request, response);
        try (TraceContext.Scope scope = TraceContext.open(context.traceId())) {
            check(context, request, response);
            chain.doFilter(new ReadRequest(request), response);
        } catch (RefusedException | ServletException e) {
            ErrorAnswer error = refusals.answer(e, context);
            if (!response.isCommitted()) {
                context.error(error);
                response.sendError(error.status());
            }
        }
    }

    /** Only a proxy may choose the id of a request; the id of any other sender is ignored. */
    private void identify(RequestContext context, HttpServletRequest request, HttpServletResponse response) {
        List<String> values = Collections.list(request.getHeaders(RequestId.HEADER));
        Optional<String> id = values.size() == 1 ? RequestId.parse(values.get(0)) : Optional.empty();
        if (id.isPresent() && context.flow(clients).isOfProxy()) {
            context.trail().requestId(id.get());
            response.setHeader(RequestId.HEADER, id.get());
        }
    }

    private void check(RequestContext context, HttpServletRequest request, HttpServletResponse response) {
        ContentNegotiation.checkExpectation(request);
        String path = request.getRequestURI();
        List<String> methods = METHODS.get(path);
        if (methods == null) {
            throw HttpErrors.refusal(HttpServletResponse.SC_NOT_FOUND).exception();
        }
        if (!methods.contains(request.getMethod())) {
            response.setHeader("Allow", String.join(", ", methods));
            throw HttpErrors.refusal(HttpServletResponse.SC_METHOD_NOT_ALLOWED).exception();
        }
        if (context.isForToken()) {
            ContentNegotiation.checkForm(request);
        }
        ContentNegotiation.checkAccept(request);
        if (context.isForToken()) {
            context.tokenRequest(TokenRequest.of(checked(context.form())));
        }
        if (path.equals(Paths.HEALTH_CHECK)) {
            checkProbe(request);
        }
    }

    private Form checked(Form form) {
        if (form.hasTooManyParameters()) {
            metrics.limitHit(Limit.FORM_PARAMETERS);
        }
        return form.checked();
    }

    /** A probe of an unknown type must fail: otherwise it would always tell its platform that all is well. */
    private static void checkProbe(HttpServletRequest request) {
        String[] types = request.getParameterValues("type");
        if (types != null && (types.length > 1 || !PROBES.contains(types[0]))) {
            throw Refusal.because(ReasonCode.MALFORMED_REQUEST, "type must be given once: ready, or alive")
                    .exception();
        }
    }
}
