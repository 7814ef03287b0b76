package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.google.Deadline;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.io.Serializer;
import io.jsonwebtoken.jackson.io.JacksonSerializer;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs with a key of the service's own. */
public final class LocalSigner implements TokenSigner {

    private final KeyRing keys;
    private final NativeCryptography cryptography;
    private final Serializer<Map<String, ?>> headerWriter;

    LocalSigner(KeyRing keys) {
        this.keys = keys;
        this.cryptography = NativeCryptography.load();
        this.headerWriter = new JacksonSerializer<>(new JsonMapper());
    }

    @Override
    public String sign(Map<String, ?> claims, Deadline deadline) {
        SigningKey key = keys.active();
        JwtBuilder builder = Jwts.builder();
        cryptography.whenLoaded().ifPresent(builder::provider);
        // The claims go in as content: as claims, the library would turn a single audience into a list.
        return builder.json(headerWriter)
                .header()
                .type("JWT")
                .keyId(key.id())
                .and()
                .content(Claims.json(claims))
                .signWith(key.privateKey(), algorithm(key))
                .compact();
    }

    /** The library types algorithms by the key that they take; a key and its algorithm were matched when it was read. */
    @SuppressWarnings("unchecked")
    private static SecureDigestAlgorithm<PrivateKey, ?> algorithm(SigningKey key) {
        return (SecureDigestAlgorithm<PrivateKey, ?>) (SecureDigestAlgorithm<?, ?>) key.algorithm();
    }

    @Override
    public String algorithm() {
        return keys.active().algorithm().getId();
    }

    @Override
    public Optional<Instant> keyWritten() {
        return keys.active().written();
    }

    @Override
    public Optional<String> jwksUri() {
        return Optional.empty();
    }

    @Override
    public List<Map<String, Object>> publicKeys() {
        return keys.keys().stream().map(SigningKey::publicJwk).toList();
    }
}
