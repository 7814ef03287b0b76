package dev.tokenservice.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every client certificate pass the handshake, which proves that the client has its private key. Whether to trust it
 * is judged for each request, by {@code CertificateVerifier}: a client whose handshake breaks learns nothing of the reason,
 * and a certificate that was valid in an earlier handshake may be revoked now.
 */
final class PassingTrustManager extends X509ExtendedTrustManager {

    /** What the list of names in a CertificateRequest holds at most, in TLS 1.2 (RFC 5246 section 7.4.4) and 1.3 alike. */
    private static final int MAX_BYTES = 65_535;

    private static final int LENGTH_BYTES = 2;

    private final Supplier<List<X509Certificate>> authorities;

    private final ShownCertificates shown;

    /**
     * Takes what handshakes need.
     *
     * @param authorities those to name, so that clients choose the right certificate, at the time of each handshake
     */
    PassingTrustManager(Supplier<List<X509Certificate>> authorities, ShownCertificates shown) {
        this.shown = shown;
        this.authorities = authorities;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        List<X509Certificate> named = authorities.get();
        int bytes = named.stream()
                .map(X509Certificate::getSubjectX500Principal)
                .distinct()
                .mapToInt(name -> LENGTH_BYTES + name.getEncoded().length)
                .sum();
        // Without names a client is free to choose; with too many, no handshake would succeed.
        return bytes > MAX_BYTES ? new X509Certificate[0] : named.toArray(X509Certificate[]::new);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        shown.note(engine, chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        throw serverOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw serverOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        throw serverOnly();
    }

    private static UnsupportedOperationException serverOnly() {
        return new UnsupportedOperationException("for the server's side only: it would believe every server");
    }
}
