package dev.tokenservice.tls;

import dev.tokenservice.files.Expiring;
import dev.tokenservice.files.Watched;
import dev.tokenservice.x509.TrustBundle;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

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

    static ServerContext of(ServerIdentity identity, TrustBundle bundle) {
        List<X509Certificate> authorities = Stream.concat(bundle.roots().stream(), bundle.intermediates().stream())
                .toList();
        char[] password = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry(
                    "server", identity.key(), password, identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new PassingTrustManager(authorities)}, null);
            context.getServerSessionContext().setSessionCacheSize(MAX_SESSIONS);
            return new ServerContext(
                    context, identity.chain().get(0).getNotAfter().toInstant());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("key and certificate fit each other", e);
        }
    }

    @Override
    public Map<String, Instant> expiries() {
        return Map.of("server_certificate", end);
    }

    /** Follows the files. A client certificate is wanted, not demanded: who has none may read the discovery document. */
    static SslContextFactory.Server connector(Watched<ServerContext> watched) {
        SslContextFactory.Server connector = new SslContextFactory.Server();
        connector.setSslContext(watched.get().context());
        connector.setIncludeProtocols(PROTOCOLS);
        connector.setWantClientAuth(true);
        // A second handshake on a connection could change the client's certificate between two requests.
        connector.setRenegotiationAllowed(false);
        watched.onChange(changed -> reload(connector, changed));
        return connector;
    }

    private static void reload(SslContextFactory.Server connector, ServerContext changed) {
        try {
            connector.reload(factory -> factory.setSslContext(changed.context()));
        } catch (Exception e) {
            throw new IllegalStateException("the new context was made and must be usable", e);
        }
    }
}
