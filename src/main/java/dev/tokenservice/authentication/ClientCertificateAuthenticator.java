package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.RefusedException;
import io.dropwizard.auth.Authenticator;
import java.util.Optional;

/**
 * Turns a client whose certificate was verified into a principal: the certificate must count now, and name its client.
 *
 * <p>A refusal is an {@link RefusedException} and not an empty answer, because a client must learn which of these it was.
 */
public final class ClientCertificateAuthenticator implements Authenticator<VerifiedClient, ClientPrincipal> {

    private final ClientIds clientIds;
    private final CertificateStatus status;

    ClientCertificateAuthenticator(ClientIds clientIds, CertificateStatus status) {
        this.clientIds = clientIds;
        this.status = status;
    }

    @Override
    public Optional<ClientPrincipal> authenticate(VerifiedClient client) {
        ClientCertificate certificate = client.certificate();
        status.check(certificate);
        return Optional.of(
                new ClientPrincipal(client.clientId(clientIds), client.flow(), client.authority(), certificate));
    }
}
