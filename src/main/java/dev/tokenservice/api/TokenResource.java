package dev.tokenservice.api;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.ExternalCredential;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.token.Grant;
import dev.tokenservice.token.TokenService;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The token endpoint, RFC 6749 section 3.2. Who comes here has a well-formed request and an authenticated client. */
@Path(Paths.TOKEN)
public final class TokenResource {

    private final TokenService tokens;
    private final IssuerResolver issuers;

    public TokenResource(TokenService tokens, IssuerResolver issuers) {
        this.tokens = tokens;
        this.issuers = issuers;
    }

    /** Issues what the client asks for. */
    @POST
    public Response token(@Auth ClientPrincipal client, @Context HttpServletRequest request) {
        // For the audit line, should the request be refused from here on.
        request.setAttribute(ClientPrincipal.class.getName(), client);
        TokenRequest tokenRequest = tokenRequest(request);
        Issuer issuer = issuers.resolve(request);
        Grant grant = tokens.grant(client, tokenRequest, issuer);
        Object answer = tokenRequest.externalCredential()
                ? new ExternalCredential.Success(
                        grant.idToken().value(), grant.idToken().expiresAt().getEpochSecond())
                : grant.response();
        return Response.ok(answer, MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
                .build();
    }

    private static TokenRequest tokenRequest(HttpServletRequest request) {
        if (request.getAttribute(RequestState.ATTRIBUTE) instanceof RequestState state) {
            return state.tokenRequest().orElseThrow(() -> new IllegalStateException("the gate has read the form"));
        }
        throw new IllegalStateException("every request for a token passes the gate");
    }
}
