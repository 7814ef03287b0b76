package dev.tokenservice.tls;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.Expiring;
import dev.tokenservice.files.Watched;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What handshakes are made with. Each connection keeps the one that it began with, so that none is dropped, and no handshake
 * mixes an old certificate with a new key.
 *
 * @param context for connections from now on
 * @param end until when clients accept the server's certificate
 */
record ServerContext(SSLContext context, Instant end) implements Expiring {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Each keeps its client's chain, of up to 64 KiB. */
    private static final int MAX_SESSIONS = 1_000;

    static ServerContext of(
            ServerIdentity identity,
            Supplier<List<X509Certificate>> authorities,
            NativeCryptography cryptography,
            ShownCertificates shown) {
        return of(identity, cryptography, new PassingTrustManager(authorities, shown));
    }

    /** For a port that asks for no client certificate, and would trust none. */
    static ServerContext withoutClients(ServerIdentity identity, NativeCryptography cryptography) {
        return of(identity, cryptography);
    }

    private static ServerContext of(ServerIdentity identity, NativeCryptography cryptography, TrustManager... clients) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {ServerKeyManager.of(identity, cryptography)}, clients, null);
            context.getServerSessionContext().setSessionCacheSize(MAX_SESSIONS);
            return new ServerContext(
                    context, identity.chain().get(0).getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key and certificate fit each other", e);
        }
    }

    @Override
    public Map<String, Instant> expiries() {
        return Map.of("server_certificate", end);
    }

    /** Follows the files. A client certificate is wanted, not demanded: who has none may read the discovery document. */
    static ClientTls connector(Watched<ServerContext> watched, ShownCertificates shown) {
        ClientTls connector = following(watched, shown);
        connector.setWantClientAuth(true);
        return connector;
    }

    /** Follows the files, and asks for no client certificate. */
    static ClientTls connectorWithoutClients(Watched<ServerContext> watched) {
        return following(watched, new ShownCertificates());
    }

    private static ClientTls following(Watched<ServerContext> watched, ShownCertificates shown) {
        ClientTls connector = new ClientTls(shown);
        connector.setSslContext(watched.get().context());
        connector.setIncludeProtocols(PROTOCOLS);
        // A second handshake on a connection could change the client's certificate between two requests.
        connector.setRenegotiationAllowed(false);
        watched.onChange(changed -> reload(connector, changed));
        return connector;
    }

    private static void reload(ClientTls connector, ServerContext changed) {
        try {
            connector.reload(factory -> factory.setSslContext(changed.context()));
        } catch (Exception e) {
            throw new IllegalStateException("the new context was made and must be usable", e);
        }
    }
}
