package dev.tokenservice.mtls;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a request with certificate headers came from the proxy. Headers can be written by anybody who reaches the port,
 * so that without such a proof it is the network alone that keeps forgers out.
 */
public final class ProxyTrust {

    /** What a client is told whose request did not come from the proxy: nothing that would help to get by. */
    static final String REFUSAL = "call through the load balancer: this request did not come from it";

    private final List<ProxyProof> proofs;
    private final Optional<ProxyCertificates> certificates;

    /** Takes the proofs that are configured; each of them has to hold. */
    ProxyTrust(List<ProxyProof> proofs, Optional<ProxyCertificates> certificates) {
        this.proofs = Stream.concat(proofs.stream(), certificates.stream()).toList();
        this.certificates = certificates;
    }

    /** Whether the peer of a TLS connection comes as a proxy, and not for itself. */
    boolean isProxy(Connection connection) {
        return certificates.filter(proof -> proof.names(connection)).isPresent();
    }

    /**
     * Checks a request, before any certificate header of it is looked at.
     *
     * @throws dev.tokenservice.oauth.OAuthException {@code invalid_client} when a proof does not hold
     */
    public void check(RequestHeaders headers, Connection connection) {
        proofs.forEach(proof -> proof.check(headers, connection));
    }

    /** Whether nothing is asked for, and whoever reaches the port is believed. */
    public boolean believesEverybody() {
        return proofs.isEmpty();
    }

    /** What operators should know of it, in a line. */
    public String description() {
        return believesEverybody()
                ? "whoever reaches the application port can claim any client certificate in a header: set PROXY_SECRET (a "
                        + "constant header of the load balancer) or TRUSTED_PROXIES"
                : "certificate headers are believed with the proof of "
                        + proofs.stream().map(ProxyProof::variable).collect(Collectors.joining(" and "));
    }
}
