package dev.tokenservice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.signing.TokenSigner;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the claims of a token, and puts zeros instead of its signature. */
final class UnsignedTokens implements TokenSigner {

    private static final int SIGNATURE_BYTES = 256;
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Object> claims = new LinkedHashMap<>();

    Map<String, Object> claims() {
        return claims;
    }

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
