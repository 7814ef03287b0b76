package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import io.dropwizard.auth.AuthFilter;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;

/**
 * Asks the source of the connection for the client certificate and has it authenticated. Nothing behind this filter ever
 * sees a request without a principal.
 */
@Priority(Priorities.AUTHENTICATION)
public final class ClientCertificateFilter extends AuthFilter<PresentedCertificate, ClientPrincipal> {

    /** The name of the request attribute that holds the flow, once it is known. */
    public static final String FLOW = ClientCertificateFilter.class.getName() + ".flow";

    private final Flows flows;

    ClientCertificateFilter(Flows flows, ClientCertificateAuthenticator authenticator) {
        this.flows = flows;
        this.authenticator = authenticator;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        IncomingRequest incoming = new IncomingRequest(new RequestHeaders(request.getHeaders()), connection(request));
        Flow flow = flows.of(incoming);
        // Left behind for the audit line of a refusal, this and the certificate.
        request.setProperty(FLOW, flow.name());
        PresentedCertificate presented =
                new PresentedCertificate(flow.name(), flow.source().certificate(incoming));
        request.setProperty(PresentedCertificate.class.getName(), presented);
        if (!authenticate(request, presented, "CLIENT_CERT")) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, "the client certificate is not accepted");
        }
    }

    private static Connection connection(ContainerRequestContext request) {
        if (request.getProperty(Connection.ATTRIBUTE) instanceof Connection connection) {
            return connection;
        }
        throw new IllegalStateException("every request comes over a connection");
    }
}
