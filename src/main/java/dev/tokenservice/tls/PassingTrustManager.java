package dev.tokenservice.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every client certificate pass the handshake, which proves that the client has its private key. Whether to trust it
 * is judged for each request, by {@code CertificateVerifier}: a client whose handshake breaks learns nothing of the reason,
 * and a certificate that was good in an earlier handshake may be revoked by now.
 */
final class PassingTrustManager extends X509ExtendedTrustManager {

    private final X509Certificate[] authorities;

    /** Takes the authorities to name in the handshake, so that clients choose the right certificate. */
    PassingTrustManager(List<X509Certificate> authorities) {
        this.authorities = authorities.toArray(X509Certificate[]::new);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

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
