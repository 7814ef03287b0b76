package dev.tokenservice.api;

import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.signing.TokenSigner;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** The public keys of the local signer, as a JWK Set (RFC 7517 section 5). */
@Path(Paths.JWKS)
public final class JwksResource {

    private static final int NOT_FOUND = 404;

    private final TokenSigner signer;

    public JwksResource(TokenSigner signer) {
        this.signer = signer;
    }

    /** The keys; 404 where somebody else publishes them. */
    @GET
    public Response keys() {
        signer.jwksUri().ifPresent(uri -> {
            throw OAuthException.ofStatus(NOT_FOUND, "the keys of this service are published at " + uri);
        });
        return Response.ok(Map.of("keys", signer.publicKeys()), MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", DiscoveryResource.CACHEABLE)
                .build();
    }
}
