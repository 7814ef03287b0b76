package dev.tokenservice.api;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.ExternalCredential;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.AuthenticatedRequest;
import dev.tokenservice.token.IssuedTokens;
import dev.tokenservice.token.TokenService;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The token endpoint, RFC 6749 section 3.2. Every request here is well formed, and its client is authenticated. */
@Path(Paths.TOKEN)
public final class TokenResource {

    private final TokenService tokens;
    private final IssuerResolver issuers;

    public TokenResource(TokenService tokens, IssuerResolver issuers) {
        this.tokens = tokens;
        this.issuers = issuers;
    }

    @POST
    public Response token(@Auth ClientPrincipal client, @Context HttpServletRequest request) {
        RequestContext context = RequestContext.of(request);
        TokenRequest tokenRequest = context.tokenRequest();
        Issuer issuer = issuers.resolve(request);
        IssuedTokens issued =
                tokens.issue(new AuthenticatedRequest(client, tokenRequest, issuer, context.policy(), context.trail()));
        Object answer = tokenRequest.externalCredential()
                ? new ExternalCredential.Success(
                        issued.idToken().value(), issued.idToken().expiresAt().getEpochSecond())
                : issued.response();
        return Response.ok(answer, MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
                .build();
    }
}
