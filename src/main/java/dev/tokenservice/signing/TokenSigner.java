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
     * @param deadline when the signature has to be there, for signers that ask somebody else for it
     * @return the compact JWS, RFC 7515 section 7.1
     * @throws dev.tokenservice.oauth.RefusedException when there is no signature to be had, with the answer for the client
     */
    String sign(Map<String, ?> claims, String algorithm, Deadline deadline);

    /** Signs claims with the algorithm of {@link #algorithm}. */
    default String sign(Map<String, ?> claims, Deadline deadline) {
        return sign(claims, algorithm(), deadline);
    }

    /** The algorithm for tokens of which nobody asks for another. */
    String algorithm();

    /** The algorithms of which a key signs at this moment, the one of {@link #algorithm} first. */
    default List<String> algorithms() {
        return List.of(algorithm());
    }

    /** Why there is no signature to be had at this moment; empty where there is, as far as that is known. */
    default Optional<String> outage() {
        return Optional.empty();
    }

    /** The keys of the service's own at this moment; empty where somebody else has the keys. */
    default Optional<RingView> ring() {
        return Optional.empty();
    }

    /** Where somebody else publishes the public keys; empty where this service does, at its own address. */
    Optional<String> jwksUri();

    /** The public keys as JSON Web Keys (RFC 7517) for this service to publish; empty where {@link #jwksUri} is not. */
    List<Map<String, Object>> publicKeys();
}
