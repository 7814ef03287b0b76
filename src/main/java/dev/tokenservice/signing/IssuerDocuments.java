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
 * What an issuer publishes, at the moment when this was made.
 *
 * @param issuer the issuer, where one is configured
 * @param jwksUri where the keys are, if not below the issuer
 * @param mtlsTokenEndpoint where clients get their tokens, if not at the issuer's own URL
 * @param algorithms what tokens are signed with
 * @param keys the public keys; empty where somebody else publishes them
 */
public record IssuerDocuments(
        Optional<String> issuer,
        Optional<String> jwksUri,
        Optional<String> mtlsTokenEndpoint,
        List<String> algorithms,
        Optional<List<Map<String, Object>>> keys) {

    /** The documents of a signer. */
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
     * The content of each document by its path, to the byte what the service answers there; the keys first, because whoever reads
     * the metadata looks for them next.
     *
     * @param mapper that of the service
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
