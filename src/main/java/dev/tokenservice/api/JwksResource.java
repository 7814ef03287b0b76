package dev.tokenservice.api;

import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.signing.TokenSigner;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;

/** The public keys of the local signer, as a JWK Set (RFC 7517 section 5). */
@Path(Paths.JWKS)
public final class JwksResource {

    private static final int NOT_FOUND = 404;

    private final TokenSigner signer;

    public JwksResource(TokenSigner signer) {
        this.signer = signer;
    }

    /** Returns the keys; 404 if another server publishes them. */
    @GET
    public Response keys() {
        Optional<String> elsewhere = signer.jwksUri();
        if (elsewhere.isPresent()) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "the keys of this service are published at " + elsewhere.get())
                    .status(NOT_FOUND)
                    .exception();
        }
        return Response.ok(Map.of("keys", signer.publicKeys()), MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", DiscoveryResource.CACHEABLE)
                .build();
    }
}
