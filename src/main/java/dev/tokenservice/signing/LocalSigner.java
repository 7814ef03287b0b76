package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.outbound.Deadline;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.io.Encoder;
import io.jsonwebtoken.io.Serializer;
import io.jsonwebtoken.jackson.io.JacksonSerializer;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import java.io.OutputStream;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Signs with local keys, from files or from memory. Thread-safe. */
public final class LocalSigner implements TokenSigner {

    /** Base64url without padding (RFC 7515 section 2). The encoder of the library takes several times as long. */
    private static final Encoder<OutputStream, OutputStream> BASE64URL =
            Base64.getUrlEncoder().withoutPadding()::wrap;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final String algorithm;
    private final LocalKeys keys;
    private final Serializer<Map<String, ?>> headerWriter = new JacksonSerializer<>(new JsonMapper());

    private LocalSigner(String algorithm, LocalKeys keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    /**
     * Returns a signer for keys that may change.
     *
     * @param algorithm the default JWS algorithm
     */
    static LocalSigner of(String algorithm, LocalKeys keys) {
        return new LocalSigner(algorithm, keys);
    }

    /** Returns a signer with a key that is made in the background. The first token waits for it, but start-up does not. */
    static LocalSigner ofNewKey(String algorithm, KeyPeriods periods, SignerParts in) {
        CompletableFuture<KeyRing> made =
                in.cryptography().loaded().thenApply(provider -> KeyRing.generated(algorithm, provider));
        return new LocalSigner(algorithm, in.keys(made::join, periods));
    }

    @Override
    public String sign(Map<String, ?> claims, String wanted, Deadline deadline) {
        SigningKey key = active(wanted);
        JwtBuilder builder = Jwts.builder();
        key.provider().ifPresent(builder::provider);
        // Passes the claims as content, because the library would turn a single audience into a list.
        return builder.json(headerWriter)
                .b64Url(BASE64URL)
                .header()
                .type("JWT")
                .keyId(key.id())
                .and()
                .content(Claims.json(claims))
                .signWith(key.privateKey(), algorithm(key))
                .compact();
    }

    /**
     * Returns the key that signs with an algorithm.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code temporarily_unavailable} if no such key signs; only the operator
     *     can fix that
     */
    SigningKey active(String wanted) {
        return keys.active(wanted)
                .orElseThrow(() -> Refusal.because(ReasonCode.OPERATOR, "there is no key to sign with; try again later")
                        .error(OAuthError.TEMPORARILY_UNAVAILABLE)
                        .detail("no " + wanted + " key of SIGNING_KEYS may sign now")
                        .remedy("list the keys with 'java -jar token-service.jar keys list DIR', and add one with "
                                + "'keys generate DIR --algorithm " + wanted + "'")
                        .retryAfter(RETRY_AFTER)
                        .exception());
    }

    /** The library types algorithms by their key. The cast is safe, because the key was read together with its algorithm. */
    @SuppressWarnings("unchecked")
    private static SecureDigestAlgorithm<PrivateKey, ?> algorithm(SigningKey key) {
        return (SecureDigestAlgorithm<PrivateKey, ?>) (SecureDigestAlgorithm<?, ?>) key.algorithm();
    }

    @Override
    public String algorithm() {
        return algorithm;
    }

    /** Returns the algorithms with a key that signs now, the default first. */
    @Override
    public List<String> algorithms() {
        RingView view = keys.view();
        return Stream.concat(Stream.of(algorithm), SigningKey.ALGORITHMS.stream())
                .distinct()
                .filter(name -> view.active(name).isPresent())
                .toList();
    }

    @Override
    public Optional<RingView> ring() {
        return Optional.of(keys.view());
    }

    @Override
    public Optional<String> jwksUri() {
        return Optional.empty();
    }

    @Override
    public List<Map<String, Object>> publicKeys() {
        return keys.view().published().stream()
                .map(key -> key.key().publicJwk())
                .toList();
    }
}
