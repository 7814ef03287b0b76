package dev.tokenservice.api;

import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.signing.TokenSigner;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;

/** The metadata: OpenID Connect Discovery section 4, RFC 8414 section 3, and the way there from the root. */
@Path(Paths.ROOT)
public final class DiscoveryResource {

    static final String CACHEABLE = "public, max-age=300";

    private final TokenSigner signer;
    private final IssuerResolver issuers;
    private final Optional<String> jwksUri;
    private final Optional<String> mtlsTokenEndpoint;

    /**
     * Takes what the documents are made of.
     *
     * @param jwksUri where the keys of a local signer are also published, and relying parties are to read them
     * @param mtlsTokenEndpoint where clients get their tokens, if not at the issuer's own URL
     */
    public DiscoveryResource(
            TokenSigner signer, IssuerResolver issuers, Optional<String> jwksUri, Optional<String> mtlsTokenEndpoint) {
        this.signer = signer;
        this.issuers = issuers;
        this.jwksUri = jwksUri;
        this.mtlsTokenEndpoint = mtlsTokenEndpoint;
    }

    /** Redirects from the root to the metadata, with a relative URL, because the scheme is unknown behind a proxy. */
    @GET
    public Response root() {
        return Response.temporaryRedirect(URI.create(Paths.OPENID_CONFIGURATION))
                .build();
    }

    /** OpenID Connect Discovery 1.0. */
    @GET
    @Path(Paths.OPENID_CONFIGURATION)
    public Response openIdConfiguration(@Context HttpServletRequest request) {
        return metadata(request);
    }

    /** The same facts by RFC 8414. */
    @GET
    @Path(Paths.AUTHORIZATION_SERVER)
    public Response authorizationServer(@Context HttpServletRequest request) {
        return metadata(request);
    }

    private Response metadata(HttpServletRequest request) {
        Issuer issuer = issuers.resolve(request);
        ProviderMetadata metadata =
                ProviderMetadata.of(issuer, signer.jwksUri().or(() -> jwksUri), signer.algorithms(), mtlsTokenEndpoint);
        return Response.ok(metadata, MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", CACHEABLE)
                .build();
    }
}
