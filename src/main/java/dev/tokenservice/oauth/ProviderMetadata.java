package dev.tokenservice.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata for relying parties and clients: OpenID Connect Discovery section 3 and RFC 8414 section 2 in one.
 *
 * @param issuer the issuer, exactly equal to {@code iss}
 * @param tokenEndpoint where clients get their tokens; also named as authorization endpoint, which Discovery demands
 * @param jwksUri where the keys are
 * @param signingAlgorithms the JWS algorithms of ID tokens
 * @param mtlsEndpointAliases RFC 8705 section 5: endpoints on another name, for clients with a certificate; left out where there
 *     are none
 */
@JsonPropertyOrder({
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "response_types_supported",
    "grant_types_supported",
    "subject_types_supported",
    "scopes_supported",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "tls_client_certificate_bound_access_tokens",
    "mtls_endpoint_aliases",
    "claims_supported"
})
public record ProviderMetadata(
        @JsonProperty("issuer") String issuer,
        @JsonProperty("token_endpoint") String tokenEndpoint,
        @JsonProperty("jwks_uri") String jwksUri,

        @JsonProperty("id_token_signing_alg_values_supported")
        List<String> signingAlgorithms,

        @JsonProperty("mtls_endpoint_aliases") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> mtlsEndpointAliases) {

    /** The scope that STS is asked for where a client names none of its own. */
    public static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

    private static final List<String> CLAIMS =
            List.of("iss", "aud", "iat", "exp", "jti", "sub", "amr", "client_id", "client", "cnf");

    /**
     * What an issuer publishes.
     *
     * @param jwksUri where the keys are, if somebody else publishes them
     * @param algorithms the JWS algorithms of ID tokens
     * @param mtlsTokenEndpoint where clients get their tokens, if not at the issuer's own URL
     */
    public static ProviderMetadata of(
            Issuer issuer, Optional<String> jwksUri, List<String> algorithms, Optional<String> mtlsTokenEndpoint) {
        return new ProviderMetadata(
                issuer.url(),
                issuer.endpoint(Paths.TOKEN),
                jwksUri.orElseGet(() -> issuer.endpoint(Paths.JWKS)),
                List.copyOf(algorithms),
                mtlsTokenEndpoint.map(url -> Map.of("token_endpoint", url)).orElse(Map.of()));
    }

    @JsonProperty("authorization_endpoint")
    public String authorizationEndpoint() {
        return tokenEndpoint;
    }

    @JsonProperty("response_types_supported")
    public List<String> responseTypes() {
        return List.of("none");
    }

    @JsonProperty("grant_types_supported")
    public List<String> grantTypes() {
        return List.of(TokenRequest.CLIENT_CREDENTIALS);
    }

    @JsonProperty("subject_types_supported")
    public List<String> subjectTypes() {
        return List.of("public");
    }

    @JsonProperty("scopes_supported")
    public List<String> scopes() {
        return List.of(CLOUD_PLATFORM);
    }

    @JsonProperty("token_endpoint_auth_methods_supported")
    public List<String> clientAuthenticationMethods() {
        return List.of("tls_client_auth");
    }

    /** RFC 8705 section 3.3: the access tokens are Google's, and not bound to a certificate. */
    @JsonProperty("tls_client_certificate_bound_access_tokens")
    public boolean certificateBoundAccessTokens() {
        return false;
    }

    @JsonProperty("claims_supported")
    public List<String> claims() {
        return CLAIMS;
    }
}
