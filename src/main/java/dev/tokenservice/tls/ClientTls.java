package dev.tokenservice.tls;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.x509.CertificateAttributes;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** What the TLS connector is made with, and what clients have shown to it. */
public final class ClientTls extends SslContextFactory.Server {

    private final ShownCertificates certificates;

    ClientTls(ShownCertificates certificates) {
        this.certificates = certificates;
    }

    /** Returns what tells the certificate from others that the client has shown on a connection, in a full handshake. */
    public Optional<ClientCertificate> shown(SSLEngine connection) {
        return certificates.on(connection).map(CertificateAttributes::identifying);
    }
}
