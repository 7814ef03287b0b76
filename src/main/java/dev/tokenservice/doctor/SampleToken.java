package dev.tokenservice.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.Decision;
import dev.tokenservice.policy.Profile;
import dev.tokenservice.policy.RelyingParty;
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

    /** What it is issued to. A permission for this subject is a permission for the operators of this service. */
    static final String SUBJECT = "token-service-doctor";

    private static final String FLOW = "doctor";
    private static final Duration LIFETIME = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * Issues one, in the way that every token is issued.
     *
     * @throws dev.tokenservice.oauth.RefusedException when it cannot be signed
     */
    static SampleToken issue(IdTokenIssuer tokens, String issuer, String audience, Instant now) {
        return issue(tokens, issuer, RelyingParty.of("default", audience, Profile.GENERIC), now);
    }

    /** Issues one in the form that a relying party takes, in the same way. */
    static SampleToken issue(IdTokenIssuer tokens, String issuer, RelyingParty party, Instant now) {
        ClientCertificate certificate = ClientCertificate.ofUris(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(now.plus(LIFETIME)));
        IdToken token = tokens.issue(
                new ClientPrincipal(SUBJECT, FLOW, "default", certificate),
                issuer,
                new Decision(party, false, party.subject().sample(SUBJECT), party.tokenValidity()),
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

    String keyId() {
        return header.path("kid").asText();
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "sample token " + claims.path("jti").asText();
    }
}
