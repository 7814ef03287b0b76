package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.outbound.Deadline;
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
import java.util.concurrent.CompletableFuture;

/** Signs with a key of the service's own. */
public final class LocalSigner implements TokenSigner {

    private final String algorithm;
    private final NativeCryptography cryptography;
    private final CompletableFuture<KeyRing> keys;
    private final Serializer<Map<String, ?>> headerWriter = new JacksonSerializer<>(new JsonMapper());

    private LocalSigner(String algorithm, NativeCryptography cryptography, CompletableFuture<KeyRing> keys) {
        this.algorithm = algorithm;
        this.cryptography = cryptography;
        this.keys = keys;
    }

    /** Signs with keys that there are. */
    static LocalSigner of(KeyRing keys) {
        return new LocalSigner(
                keys.active().algorithm().getId(), NativeCryptography.load(), CompletableFuture.completedFuture(keys));
    }

    /** Signs with a key that is made in the background: a start need not wait for it, only the first token. */
    static LocalSigner ofNewKey(String algorithm) {
        NativeCryptography cryptography = NativeCryptography.load();
        return new LocalSigner(
                algorithm,
                cryptography,
                cryptography.loaded().thenApply(provider -> KeyRing.generated(algorithm, provider)));
    }

    @Override
    public String sign(Map<String, ?> claims, Deadline deadline) {
        SigningKey key = keys.join().active();
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
        return algorithm;
    }

    @Override
    public Optional<Instant> keyWritten() {
        return keys.join().active().written();
    }

    @Override
    public Optional<String> jwksUri() {
        return Optional.empty();
    }

    @Override
    public List<Map<String, Object>> publicKeys() {
        return keys.join().keys().stream().map(SigningKey::publicJwk).toList();
    }
}
