package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateVerifier;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Identifies the holder of a certificate by a policy that is not in force. */
final class ClientReader {

    private final Policy policy;
    private final ClientChecks settings;

    ClientReader(Policy policy, ClientChecks settings) {
        this.policy = policy;
        this.settings = settings;
    }

    /**
     * Returns the client. If the policy has no authorities, every certificate counts as verified.
     *
     * @param presented the certificate of the client, followed by the other certificates that it sends
     * @throws RefusedException if the certificate is not accepted
     * @throws dev.tokenservice.identity.MalformedCertificateException if it is malformed
     */
    ClientPrincipal client(List<X509Certificate> presented, String flow) {
        ClientCertificate certificate = CertificateAttributes.of(presented.get(0));
        Optional<Authority> authority = authority(presented);
        ClientCertificate vouched =
                authority.map(one -> one.vouched(certificate)).orElse(certificate);
        settings.checkStatus(vouched);
        String id = authority.flatMap(one -> one.clientId(vouched)).orElseGet(() -> settings.clientId(vouched));
        authority.ifPresent(one -> one.check(id));
        return new ClientPrincipal(id, flow, authority.map(Authority::name).orElse(Authority.OF_SETTINGS), vouched);
    }

    private Optional<Authority> authority(List<X509Certificate> presented) {
        if (policy.hasAuthorities()) {
            return Optional.of(policy.accept(presented));
        }
        CertificateVerifier.checkClient(presented);
        return Optional.empty();
    }
}
