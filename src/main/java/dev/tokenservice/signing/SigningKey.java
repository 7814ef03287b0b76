package dev.tokenservice.signing;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.signing.pkcs11.TokenKey;
import dev.tokenservice.signing.pkcs11.TokenProvider;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.KeyPairBuilder;
import io.jsonwebtoken.security.PrivateJwk;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A private key of the service. Its id is the JWK thumbprint (RFC 7638).
 *
 * @param privateKey RSA of 2,048 to 8,192 bits, or EC on P-256; a placeholder for a key in a PKCS#11 token
 * @param provider the provider that signs with the key object; empty for the JDK
 * @param id the {@code kid}
 * @param algorithm the only algorithm that the key signs with: {@code RS256} or {@code ES256}
 * @param publicJwk the published JWK: the public part with {@code kid}, {@code alg} and {@code use}, in the same order in
 *     every process
 * @param written when its file was last written, or its certificate in the token was issued; empty for a key that was made at
 *     start-up
 */
record SigningKey(
        PrivateKey privateKey,
        Optional<Provider> provider,
        String id,
        SignatureAlgorithm algorithm,
        Map<String, Object> publicJwk,
        Optional<Instant> written) {

    /** The JWS algorithms of keys, the default first. */
    static final List<String> ALGORITHMS = List.of("RS256", "ES256");

    private static final int MINIMUM_RSA_BITS = 2048;
    private static final int MAXIMUM_RSA_BITS = 8192;
    private static final int P256_BITS = 256;

    /**
     * Returns a key from a private key, and computes the public part.
     *
     * @param written when its file was last written
     * @throws IllegalArgumentException with the reason when the service cannot sign with it
     */
    static SigningKey of(PrivateKey privateKey, Optional<Instant> written) {
        SignatureAlgorithm algorithm = algorithm(privateKey);
        Jwk<?> jwk = (privateKey instanceof ECPrivateKey ec
                        ? Jwks.builder().key(ec).publicKey(EcPublicKey.of(ec))
                        : Jwks.builder().key(privateKey))
                .idFromThumbprint()
                .build();
        if (!(jwk instanceof PrivateJwk<?, ?, ?> privateJwk)) {
            throw new IllegalArgumentException("is not a private key");
        }
        return new SigningKey(
                privateKey,
                Optional.empty(),
                jwk.getId(),
                algorithm,
                published(privateJwk.toPublicJwk(), algorithm),
                written);
    }

    private static Map<String, Object> published(Jwk<?> publicJwk, SignatureAlgorithm algorithm) {
        Map<String, Object> published = new LinkedHashMap<>();
        new TreeMap<>(publicJwk).forEach((name, value) -> published.put(name, String.valueOf(value)));
        published.put("kid", publicJwk.getId());
        published.put("alg", algorithm.getId());
        published.put("use", "sig");
        return Collections.unmodifiableMap(published);
    }

    /**
     * Returns a key that stays in a PKCS#11 token.
     *
     * @throws IllegalArgumentException with the reason when the service cannot sign with it
     */
    static SigningKey inToken(TokenKey key, TokenProvider provider) {
        PublicKey publicKey = key.certificate().getPublicKey();
        SignatureAlgorithm algorithm = algorithm(publicKey);
        Jwk<?> jwk = Jwks.builder().key(publicKey).idFromThumbprint().build();
        return new SigningKey(
                provider.key(key),
                Optional.of(provider),
                jwk.getId(),
                algorithm,
                published(jwk, algorithm),
                Optional.of(key.certificate().getNotBefore().toInstant()));
    }

    /**
     * Creates a key for {@code RS256} or {@code ES256}.
     *
     * @param provider the provider that generates it; if empty, the JDK, which needs half a second for an RSA key at start-up
     */
    static SigningKey generate(String algorithm, Optional<Provider> provider) {
        KeyPairBuilder builder = (algorithm.equals(Jwts.SIG.ES256.getId()) ? Jwts.SIG.ES256 : Jwts.SIG.RS256).keyPair();
        provider.ifPresent(builder::provider);
        SigningKey key = of(builder.build().getPrivate(), Optional.empty());
        return provider.map(key::in).orElse(key);
    }

    /**
     * Returns the same key as a key object of another provider, which then signs. Returns this key if the provider accepts no
     * such object.
     */
    SigningKey in(Provider other) {
        return NativeCryptography.ownKey(privateKey, other)
                .map(own -> new SigningKey(own, Optional.of(other), id, algorithm, publicJwk, written))
                .orElse(this);
    }

    private static SignatureAlgorithm algorithm(Key key) {
        if (key instanceof RSAKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MINIMUM_RSA_BITS) {
                throw new IllegalArgumentException("is an RSA key of " + bits + " bits; at least 2048 are needed");
            }
            if (bits > MAXIMUM_RSA_BITS) {
                throw new IllegalArgumentException("is an RSA key of " + bits + " bits; at most 8192 sign in time");
            }
            return Jwts.SIG.RS256;
        }
        if (key instanceof ECKey ec && ec.getParams().getOrder().bitLength() == P256_BITS) {
            return Jwts.SIG.ES256;
        }
        throw new IllegalArgumentException("is neither an RSA key nor an EC key on P-256");
    }

    /** Contains the algorithm and the id, but not the private key. */
    @Override
    public String toString() {
        return algorithm.getId() + " key " + id;
    }
}
