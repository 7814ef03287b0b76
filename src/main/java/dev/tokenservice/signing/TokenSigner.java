package dev.tokenservice.signing;

import dev.tokenservice.outbound.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs the claims of an ID token. Implementations are safe for use by many threads. */
public interface TokenSigner {

    /**
     * Signs claims as a JWT (RFC 7519) with the header members {@code alg}, {@code kid} and {@code typ}.
     *
     * @param claims a JSON object: strings, numbers, booleans, lists and maps
     * @param algorithm the JWS algorithm, RFC 7518 section 3.1: {@code RS256} or {@code ES256}
     * @param deadline when the answer is due, for signers that call another service
     * @return the compact JWS, RFC 7515 section 7.1
     * @throws dev.tokenservice.oauth.RefusedException if it cannot sign now, with the answer for the client
     */
    String sign(Map<String, ?> claims, String algorithm, Deadline deadline);

    /** Signs claims with the algorithm of {@link #algorithm}. */
    default String sign(Map<String, ?> claims, Deadline deadline) {
        return sign(claims, algorithm(), deadline);
    }

    /** Returns the default JWS algorithm of tokens. */
    String algorithm();

    /** Returns the algorithms with a key that signs now, {@link #algorithm} first. */
    default List<String> algorithms() {
        return List.of(algorithm());
    }

    /** Returns why it cannot sign now; empty if no problem is known. */
    default Optional<String> outage() {
        return Optional.empty();
    }

    /** Returns the states of the local keys now; empty if another service holds the keys. */
    default Optional<RingView> ring() {
        return Optional.empty();
    }

    /** Returns the URL at which another service publishes the public keys; empty if this service publishes them. */
    Optional<String> jwksUri();

    /**
     * Returns the public keys that this service publishes, as JSON Web Keys (RFC 7517); empty if {@link #jwksUri} has a
     * value.
     */
    List<Map<String, Object>> publicKeys();
}
