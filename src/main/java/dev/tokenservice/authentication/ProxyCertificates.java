package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.Proxies;
import dev.tokenservice.x509.CertificateAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The proxy's own client certificate on the TLS connector: who has one of these names may speak for others. */
final class ProxyCertificates implements ProxyProof {

    static final String VARIABLE = "PROXY_CERTIFICATES";

    private final String setting;
    private final Set<String> names;
    private final Consumer<Connection> verification;
    private final CertificateStatus status;

    private ProxyCertificates(
            String setting, Set<String> names, Consumer<Connection> verification, CertificateStatus status) {
        this.setting = setting;
        this.names = names;
        this.verification = verification;
        this.status = status;
    }

    /** Returns those of the variable, whose certificates are verified as those of clients. */
    static ProxyCertificates ofVariable(Set<String> names, Verification verification, CertificateStatus status) {
        return new ProxyCertificates(
                VARIABLE,
                names,
                connection -> verification.verify(VARIABLE, Evidence.ofConnection(connection)),
                status);
    }

    /** Returns those of the policy, for whose certificates one authority vouches. */
    static ProxyCertificates ofPolicy(Proxies proxies, Policy policy, CertificateStatus status) {
        return new ProxyCertificates(
                "proxies (in the policy)",
                proxies.names(),
                connection -> policy.acceptProxy(connection.certificates()),
                status);
    }

    /** Returns whether the certificate of the peer has one of the names, valid or not. */
    boolean names(Connection connection) {
        return named(connection).isPresent();
    }

    private Optional<ClientCertificate> named(Connection connection) {
        if (connection.certificates().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                            CertificateAttributes.of(connection.certificates().get(0)))
                    .filter(this::hasName);
        } catch (MalformedCertificateException e) {
            return Optional.empty();
        }
    }

    private boolean hasName(ClientCertificate certificate) {
        return certificate.spiffeId().map(SpiffeId::uri).filter(names::contains).isPresent()
                || certificate.dnsSans().stream().anyMatch(names::contains);
    }

    @Override
    public void check(RequestHeaders headers, Connection connection) {
        Optional<ClientCertificate> certificate = named(connection);
        if (certificate.isEmpty()) {
            throw Refusal.because(ReasonCode.PROXY_NOT_PROVEN, ProxyTrust.REFUSAL)
                    .detail("the connection has no client certificate with a name of " + setting)
                    .exception();
        }
        verification.accept(connection);
        status.check(certificate.get());
    }

    @Override
    public String setting() {
        return setting;
    }
}
