package dev.tokenservice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.Explanation;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.token.IdTokenIssuer;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A token as it would be issued: made in the way of every token, with zeros in place of a signature.
 *
 * @param length of the token, in bytes
 */
record TokenPreview(Map<String, Object> claims, int length) {

    private static final String ISSUER = "https://issuer.invalid";
    private static final Duration VALIDITY = Duration.ofMinutes(5);
    private static final int SIGNATURE_BYTES = 256;
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Makes one.
     *
     * @throws dev.tokenservice.oauth.RefusedException where the relying party would not accept it
     */
    static TokenPreview of(Explanation.Token token, Clock clock) {
        Unsigned signer = new Unsigned();
        String value = new IdTokenIssuer(signer, VALIDITY, clock)
                .issue(token.client(), ISSUER, token.decision(), Deadline.after(Deadline.OF_A_REQUEST))
                .value();
        return new TokenPreview(signer.claims, value.length());
    }

    private static final class Unsigned implements TokenSigner {

        private final Map<String, Object> claims = new LinkedHashMap<>();

        @Override
        public String sign(Map<String, ?> all, String algorithm, Deadline deadline) {
            claims.putAll(all);
            Map<String, String> header = Map.of("alg", algorithm, "kid", "0".repeat(43), "typ", "JWT");
            return encoded(json(header)) + "." + encoded(json(all)) + "." + encoded(new byte[SIGNATURE_BYTES]);
        }

        private static String encoded(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        private static byte[] json(Object value) {
            try {
                return JSON.writeValueAsBytes(value);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("claims are JSON", e);
            }
        }

        @Override
        public String algorithm() {
            return "RS256";
        }

        @Override
        public Optional<String> jwksUri() {
            return Optional.empty();
        }

        @Override
        public List<Map<String, Object>> publicKeys() {
            return List.of();
        }
    }
}
