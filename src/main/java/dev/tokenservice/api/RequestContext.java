package dev.tokenservice.api;

import dev.tokenservice.authentication.ChosenFlow;
import dev.tokenservice.authentication.ClientAuthentication;
import dev.tokenservice.authentication.Connection;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.TraceContext;
import jakarta.servlet.ServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * One request on a port for clients: the facts about the complete request, and the results of the steps. It travels with
 * the request, so that every failure gets the right shape of answer and one audit line. Used
 * by one thread at a time.
 */
public final class RequestContext {

    private static final String ATTRIBUTE = RequestContext.class.getName();

    private final boolean forToken;
    private final Connection connection;
    private final Form form;
    private final Optional<String> traceId;
    private final AuditTrail trail;
    private final HttpFields headers;
    private @Nullable ChosenFlow flow;
    private @Nullable TokenRequest tokenRequest;
    private Optional<Policy> policy = Optional.empty();
    private @Nullable ErrorAnswer error;

    private RequestContext(Request request, Form form) {
        this.forToken = Paths.TOKEN.equals(request.getHttpURI().getPath());
        this.connection = RequestConnection.of(request.getConnectionMetaData());
        this.headers = request.getHeaders();
        this.form = form;
        this.traceId = parsedTraceId(request);
        this.trail = new AuditTrail(RequestId.of(request), connection.peer());
    }

    public static void open(Request request, Form form) {
        request.setAttribute(ATTRIBUTE, new RequestContext(request, form));
    }

    /** Returns the context of a request; empty before it has one. */
    public static Optional<RequestContext> find(Attributes request) {
        return Optional.ofNullable((RequestContext) request.getAttribute(ATTRIBUTE));
    }

    /** Returns the trace that a request belongs to, where it says so, whether it was given a context or not. */
    public static Optional<String> traceId(Request request) {
        return find(request).map(RequestContext::traceId).orElseGet(() -> parsedTraceId(request));
    }

    /** Returns the id of a request, whether it was given a context or not. */
    public static String requestId(Request request) {
        return find(request).map(context -> context.trail.requestId()).orElseGet(() -> RequestId.of(request));
    }

    private static Optional<String> parsedTraceId(Request request) {
        return TraceContext.traceId(
                request.getHeaders().get("traceparent"), request.getHeaders().get("X-Cloud-Trace-Context"));
    }

    static RequestContext of(ServletRequest request) {
        return present(request.getAttribute(ATTRIBUTE));
    }

    /** The same inside Jersey. */
    static RequestContext of(ContainerRequestContext request) {
        return present(request.getProperty(ATTRIBUTE));
    }

    private static RequestContext present(@Nullable Object attribute) {
        return (RequestContext)
                Objects.requireNonNull(attribute, "every request is given a context before any servlet");
    }

    /** Returns whether the request is one for the token endpoint, which ends with an audit line. */
    boolean isForToken() {
        return forToken;
    }

    Connection connection() {
        return connection;
    }

    /** Returns the flow of the request: chosen once, when it is first asked for. */
    ChosenFlow flow(ClientAuthentication clients) {
        if (flow == null) {
            flow = clients.choose(new IncomingRequest(requestHeaders(), connection));
        }
        return flow;
    }

    private RequestHeaders requestHeaders() {
        return new RequestHeaders(headers.stream()
                .map(field -> Map.entry(field.getName(), Objects.requireNonNullElse(field.getValue(), ""))));
    }

    /** Notes the policy by which the client was authenticated, if one is set. */
    void policy(Optional<Policy> snapshot) {
        this.policy = snapshot;
    }

    /** Returns the policy that decides this request, whatever is in force meanwhile. */
    Optional<Policy> policy() {
        return policy;
    }

    /** Returns the body of a token request, as far as it could be read. */
    Form form() {
        return form;
    }

    public boolean externalCredential() {
        return form.asksForExternalCredential();
    }

    /** Returns the trace that the request belongs to, where it says so. */
    Optional<String> traceId() {
        return traceId;
    }

    AuditTrail trail() {
        return trail;
    }

    /** Stores the answer to a request that the gate refuses, for the server to write. */
    void error(ErrorAnswer answer) {
        this.error = answer;
    }

    /** Returns the answer to a request that the gate has refused. */
    public Optional<ErrorAnswer> error() {
        return Optional.ofNullable(error);
    }

    void tokenRequest(TokenRequest request) {
        this.tokenRequest = request;
    }

    /** Returns the token request, which the gate has found to be well formed. */
    TokenRequest tokenRequest() {
        return Objects.requireNonNull(tokenRequest, "the gate reads the form of every token request");
    }
}
