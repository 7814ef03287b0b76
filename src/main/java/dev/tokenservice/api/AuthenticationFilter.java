package dev.tokenservice.api;

import dev.tokenservice.authentication.ClientAuthentication;
import dev.tokenservice.authentication.VerifiedClient;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import io.dropwizard.auth.AuthFilter;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.SecurityContext;

/** Authenticates clients. A resource that needs a client never sees a request without one. */
@Priority(Priorities.AUTHENTICATION)
public final class AuthenticationFilter extends AuthFilter<VerifiedClient, ClientPrincipal> {

    private final ClientAuthentication clients;

    public AuthenticationFilter(ClientAuthentication clients) {
        this.clients = clients;
        this.authenticator = clients.authenticator();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        RequestContext context = RequestContext.of(request);
        VerifiedClient client = clients.verify(context.flow(clients), context.trail());
        context.policy(client.policy());
        if (!authenticate(request, client, SecurityContext.CLIENT_CERT_AUTH)) {
            throw Refusal.because(ReasonCode.NOT_VERIFIED, "the client certificate is not accepted")
                    .exception();
        }
        context.trail().clientId(request.getSecurityContext().getUserPrincipal().getName());
    }
}
