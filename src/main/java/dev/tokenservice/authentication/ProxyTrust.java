package dev.tokenservice.authentication;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a request with certificate headers came from the proxy. Anybody who reaches the port can write headers, so that
 * nobody is believed without a proof, unless the operator says that the network keeps everyone else out.
 */
public final class ProxyTrust {

    /** What a client is told whose request did not come from the proxy: nothing that would help to get by. */
    static final String REFUSAL = "call through the load balancer: this request did not come from it";

    /** What decides whether certificate headers are believed. */
    public enum Basis {
        /** Every proof that is configured has to hold. */
        PROOFS,
        /** The operator says that the network keeps everyone but the proxy out. */
        NETWORK,
        /** Nobody says so, but Cloud Run with the ingress of the deployment guide does keep everyone else out. */
        CLOUD_RUN,
        /** Nothing: there is no proof to ask for. */
        NONE
    }

    private static final String SETTINGS = "set PROXY_SECRET, TRUSTED_PROXIES or PROXY_CERTIFICATES. "
            + "TRUSTED_PROXIES=127.0.0.1 is for a sidecar or a proxy on the same machine; TRUSTED_PROXIES=any says that the "
            + "network keeps everyone else out";

    private final Basis basis;
    private final List<ProxyProof> proofs;
    private final Optional<ProxyCertificates> certificates;

    private ProxyTrust(Basis basis, List<ProxyProof> proofs, Optional<ProxyCertificates> certificates) {
        this.basis = basis;
        this.proofs = Stream.concat(proofs.stream(), certificates.stream()).toList();
        this.certificates = certificates;
    }

    /** Asks for proofs: each of them has to hold. */
    static ProxyTrust of(List<ProxyProof> proofs, Optional<ProxyCertificates> certificates) {
        return new ProxyTrust(Basis.PROOFS, proofs, certificates);
    }

    /** Asks for no proof: the basis says whom to believe. */
    static ProxyTrust withoutProof(Basis basis) {
        return new ProxyTrust(basis, List.of(), Optional.empty());
    }

    /** Whether the peer of a TLS connection comes as a proxy, and not for itself. */
    boolean isProxy(Connection connection) {
        return certificates.filter(proof -> proof.names(connection)).isPresent();
    }

    /**
     * Checks a request, before any certificate header of it is looked at.
     *
     * @throws OAuthException {@code invalid_client} when a proof does not hold, or nobody is believed
     */
    public void check(RequestHeaders headers, Connection connection) {
        if (basis == Basis.NONE) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, REFUSAL).withDetail(description());
        }
        proofs.forEach(proof -> proof.check(headers, connection));
    }

    /** What decides whether certificate headers are believed. */
    public Basis basis() {
        return basis;
    }

    /** What operators should know of it, in a line. */
    public String description() {
        return switch (basis) {
            case PROOFS ->
                "certificate headers are believed with the proof of "
                        + proofs.stream().map(ProxyProof::variable).collect(Collectors.joining(" and "));
            case NETWORK ->
                "TRUSTED_PROXIES=any: anyone who reaches the application port can claim any client certificate in a header. "
                        + "Keep everyone but the proxy away from the port, or set PROXY_SECRET";
            case CLOUD_RUN ->
                "no proof of the proxy is set, and on Cloud Run TRUSTED_PROXIES is any then: anyone who reaches the service "
                        + "can claim any client certificate in a header. Keep the ingress internal-and-cloud-load-balancing, and "
                        + "set PROXY_SECRET (a constant header of the load balancer)";
            case NONE ->
                "no proof of the proxy is set, so that certificate headers are believed from nobody and token requests are "
                        + "refused: " + SETTINGS;
        };
    }
}
