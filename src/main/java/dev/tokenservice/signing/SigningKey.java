package dev.tokenservice.signing;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.KeyPairBuilder;
import io.jsonwebtoken.security.PrivateJwk;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A private key of the service, named by its RFC 7638 thumbprint.
 *
 * @param privateKey RSA of at least 2,048 bits, or EC on P-256
 * @param id the {@code kid}
 * @param algorithm the only algorithm that the key signs with: {@code RS256} or {@code ES256}
 * @param publicJwk what is published of it: the public part with {@code kid}, {@code alg} and {@code use}
 * @param written when its file was written last; empty for a key that was made at start
 */
record SigningKey(
        PrivateKey privateKey,
        String id,
        SignatureAlgorithm algorithm,
        Map<String, Object> publicJwk,
        Optional<Instant> written) {

    private static final int MINIMUM_RSA_BITS = 2048;
    private static final int P256_BITS = 256;

    /**
     * Takes a private key, and derives the public one.
     *
     * @param written when its file was written last
     * @throws IllegalArgumentException with the reason when the service cannot sign with it
     */
    static SigningKey of(PrivateKey privateKey, Optional<Instant> written) {
        SignatureAlgorithm algorithm = algorithm(privateKey);
        Jwk<?> jwk = Jwks.builder().key(privateKey).idFromThumbprint().build();
        if (!(jwk instanceof PrivateJwk<?, ?, ?> privateJwk)) {
            throw new IllegalArgumentException("is not a private key");
        }
        Map<String, Object> published = new LinkedHashMap<>();
        privateJwk.toPublicJwk().forEach((name, value) -> published.put(name, String.valueOf(value)));
        published.put("kid", jwk.getId());
        published.put("alg", algorithm.getId());
        published.put("use", "sig");
        return new SigningKey(privateKey, jwk.getId(), algorithm, Map.copyOf(published), written);
    }

    /**
     * Makes a key for {@code RS256} or {@code ES256}.
     *
     * @param provider who makes it; the JDK where there is none, which takes half a second for an RSA key at a start
     */
    static SigningKey generate(String algorithm, Optional<Provider> provider) {
        KeyPairBuilder builder = (algorithm.equals(Jwts.SIG.ES256.getId()) ? Jwts.SIG.ES256 : Jwts.SIG.RS256).keyPair();
        provider.ifPresent(builder::provider);
        return of(builder.build().getPrivate(), Optional.empty());
    }

    private static SignatureAlgorithm algorithm(PrivateKey key) {
        if (key instanceof RSAPrivateKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MINIMUM_RSA_BITS) {
                throw new IllegalArgumentException("is an RSA key of " + bits + " bits; at least 2048 are needed");
            }
            return Jwts.SIG.RS256;
        }
        if (key instanceof ECPrivateKey ec && ec.getParams().getOrder().bitLength() == P256_BITS) {
            return Jwts.SIG.ES256;
        }
        throw new IllegalArgumentException("is neither an RSA key nor an EC key on P-256");
    }

    /** Never the private key. */
    @Override
    public String toString() {
        return algorithm.getId() + " key " + id;
    }
}
