package dev.tokenservice.authentication;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a request with certificate headers came from the proxy. Anybody who reaches the port can write headers, so that
 * nobody is believed without a proof, unless the operator says that the network keeps everyone else out.
 */
public final class ProxyTrust {

    /** The description for a client whose request did not come from the proxy. It must not help an attacker. */
    static final String REFUSAL = "call through the load balancer: this request did not come from it";

    /** What decides whether certificate headers are believed. */
    public enum Basis {
        /** Every proof that is configured must hold. */
        PROOFS("the service believes certificate headers with a proof"),
        /** The operator says that the network keeps everyone but the proxy out. */
        NETWORK("TRUSTED_PROXIES=any: anyone who reaches the application port can claim any client certificate "
                + "in a header. "
                + "Keep everyone but the proxy away from the port, or set PROXY_SECRET"),
        /** Nobody says so, but Cloud Run with the ingress of the deployment guide does keep everyone else out. */
        CLOUD_RUN("no proof of the proxy is set, so TRUSTED_PROXIES is any on Cloud Run: anyone who reaches the "
                + "service "
                + "can claim any client certificate in a header. Keep the ingress "
                + "internal-and-cloud-load-balancing, and "
                + "set PROXY_SECRET (a constant header of the load balancer)"),
        /** Nothing: there is no proof to ask for. */
        NONE("no proof of the proxy is set, so the service refuses token requests that rely on certificate "
                + "headers: set PROXY_SECRET, TRUSTED_PROXIES or PROXY_CERTIFICATES. "
                + "TRUSTED_PROXIES=127.0.0.1 is for a sidecar or a proxy on the same machine; "
                + "TRUSTED_PROXIES=any means that the "
                + "network keeps everyone else out");

        private final String description;

        Basis(String description) {
            this.description = description;
        }

        /** What operators should know of it, in a line. */
        public String description() {
            return description;
        }
    }

    private final Basis basis;
    private final List<ProxyProof> proofs;
    private final Optional<ProxyCertificates> certificates;
    private final CertificateStatus status;

    private ProxyTrust(
            Basis basis, List<ProxyProof> proofs, Optional<ProxyCertificates> certificates, CertificateStatus status) {
        this.basis = basis;
        this.proofs = Stream.concat(proofs.stream(), certificates.stream()).toList();
        this.certificates = certificates;
        this.status = status;
    }

    /** Asks for proofs: each of them must hold. */
    static ProxyTrust of(List<ProxyProof> proofs, Optional<ProxyCertificates> certificates, CertificateStatus status) {
        return new ProxyTrust(Basis.PROOFS, proofs, certificates, status);
    }

    /** Asks for no proof: the basis says whom to believe. */
    static ProxyTrust withoutProof(Basis basis, CertificateStatus status) {
        return new ProxyTrust(basis, List.of(), Optional.empty(), status);
    }

    /** The same with the proxies that a policy names: their certificate is one more proof. */
    ProxyTrust with(Optional<Policy> policy) {
        return policy.flatMap(now -> now.proxies()
                        .map(proxies ->
                                of(proofs, Optional.of(ProxyCertificates.ofPolicy(proxies, now, status)), status)))
                .orElse(this);
    }

    /** Returns whether the peer of a TLS connection comes as a proxy, and not for itself. */
    boolean isProxy(Connection connection) {
        return certificates.filter(proof -> proof.names(connection)).isPresent();
    }

    /**
     * Checks a request, before any certificate header of it is looked at.
     *
     * @throws RefusedException {@code invalid_client} when a proof does not hold, or nobody is believed
     */
    public void check(RequestHeaders headers, Connection connection) {
        if (basis == Basis.NONE) {
            throw Refusal.because(ReasonCode.PROXY_NOT_PROVEN, REFUSAL)
                    .detail(description())
                    .exception();
        }
        proofs.forEach(proof -> proof.check(headers, connection));
    }

    /** What decides whether certificate headers are believed. */
    public Basis basis() {
        return basis;
    }

    /** What operators should know of it, in a line. */
    public String description() {
        return basis == Basis.PROOFS
                ? "the service believes certificate headers with the proof of "
                        + proofs.stream().map(ProxyProof::setting).collect(Collectors.joining(" and "))
                : basis.description();
    }
}
