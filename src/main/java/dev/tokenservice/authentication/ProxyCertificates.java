package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The proxy's own client certificate on the TLS connector: who has one of these names may speak for others. */
final class ProxyCertificates implements ProxyProof {

    private final Set<String> names;
    private final Supplier<CertificateVerifier> verifier;
    private final Supplier<DeniedCertificates> denied;

    ProxyCertificates(List<String> names, Supplier<CertificateVerifier> verifier, Supplier<DeniedCertificates> denied) {
        this.names = Set.copyOf(names);
        this.verifier = verifier;
        this.denied = denied;
    }

    /** Whether the peer's certificate has one of the names, be it good or not. */
    boolean names(Connection connection) {
        if (connection.certificates().isEmpty()) {
            return false;
        }
        try {
            ClientCertificate certificate =
                    CertificateAttributes.of(connection.certificates().get(0));
            return certificate
                            .spiffeId()
                            .map(SpiffeId::uri)
                            .filter(names::contains)
                            .isPresent()
                    || certificate.dnsSans().stream().anyMatch(names::contains);
        } catch (MalformedCertificateException e) {
            return false;
        }
    }

    @Override
    public void check(RequestHeaders headers, Connection connection) {
        if (!names(connection)) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, ProxyTrust.REFUSAL)
                    .withDetail("the connection has no client certificate with a name of PROXY_CERTIFICATES");
        }
        List<X509Certificate> presented = connection.certificates();
        verifier.get().verify(presented);
        denied.get().check(CertificateAttributes.of(presented.get(0)));
    }

    @Override
    public String variable() {
        return "PROXY_CERTIFICATES";
    }
}
