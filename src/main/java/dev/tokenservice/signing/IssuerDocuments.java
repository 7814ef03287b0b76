package dev.tokenservice.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ProviderMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The documents that an issuer publishes, as of the time of their creation: metadata (OpenID Connect Discovery 1.0, RFC 8414)
 * and keys (RFC 7517).
 *
 * @param issuer {@code TOKEN_ISSUER}; empty if it is not set
 * @param jwksUri the URL of the keys; empty if it is below the issuer
 * @param mtlsTokenEndpoint the URL of the token endpoint (RFC 8705 section 5); empty if it is below the issuer
 * @param algorithms the JWS algorithms of tokens
 * @param keys the public keys; empty if another server publishes them
 */
public record IssuerDocuments(
        Optional<String> issuer,
        Optional<String> jwksUri,
        Optional<String> mtlsTokenEndpoint,
        List<String> algorithms,
        Optional<List<Map<String, Object>>> keys) {

    /** Returns the documents for a signer with its current keys. */
    public static IssuerDocuments of(
            Optional<String> issuer, Optional<String> jwksUri, Optional<String> mtlsTokenEndpoint, TokenSigner signer) {
        return new IssuerDocuments(
                issuer,
                signer.jwksUri().or(() -> jwksUri),
                mtlsTokenEndpoint,
                signer.algorithms(),
                signer.jwksUri().isPresent() ? Optional.empty() : Optional.of(signer.publicKeys()));
    }

    /**
     * Returns the content of each document by its path, byte for byte as the service answers it. The keys come first, because
     * readers of the metadata fetch them next.
     *
     * @param mapper the JSON mapper of the service
     */
    Map<String, byte[]> byPath(ObjectMapper mapper) throws JsonProcessingException {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        if (keys.isPresent()) {
            documents.put(Paths.JWKS, mapper.writeValueAsBytes(Map.of("keys", keys.get())));
        }
        byte[] metadata = mapper.writeValueAsBytes(
                ProviderMetadata.of(new Issuer(issuer.orElseThrow(), false), jwksUri, algorithms, mtlsTokenEndpoint));
        documents.put(Paths.OPENID_CONFIGURATION, metadata);
        documents.put(Paths.AUTHORIZATION_SERVER, metadata);
        return documents;
    }
}
