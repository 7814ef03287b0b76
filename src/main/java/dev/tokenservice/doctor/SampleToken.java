package dev.tokenservice.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.token.IdToken;
import dev.tokenservice.token.IdTokenIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A token as clients get them, for nobody: its subject is always the same and no certificate's, its flow is none that can be
 * enabled, and it ends within two minutes. It stays in this process, but for the exchange at STS.
 *
 * @param value the compact JWS
 * @param header its header
 * @param claims its claims
 */
record SampleToken(String value, JsonNode header, JsonNode claims) {

    /** What it is issued to. Whoever grants this subject anything grants it to the operators of this service. */
    static final String SUBJECT = "token-service-doctor";

    private static final String FLOW = "doctor";
    private static final Duration LIFETIME = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * Issues one, in the way that every token is issued.
     *
     * @throws dev.tokenservice.oauth.OAuthException when it cannot be signed
     */
    static SampleToken issue(IdTokenIssuer tokens, String issuer, String audience, Instant now) {
        ClientCertificate certificate = ClientCertificate.ofUris(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(now.plus(LIFETIME)));
        IdToken token = tokens.issue(
                new ClientPrincipal(SUBJECT, FLOW, certificate),
                issuer,
                audience,
                Deadline.after(Deadline.OF_A_REQUEST));
        String[] parts = token.value().split("\\.", -1);
        return new SampleToken(token.value(), json(parts[0]), json(parts[1]));
    }

    private static JsonNode json(String base64) {
        try {
            return MAPPER.readTree(new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a signer signs JSON");
        }
    }

    /** The key that signed it. */
    String keyId() {
        return header.path("kid").asText();
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "sample token " + claims.path("jti").asText();
    }
}
