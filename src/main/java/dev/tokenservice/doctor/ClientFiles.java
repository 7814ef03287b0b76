package dev.tokenservice.doctor;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.x509.CertificateFile;
import dev.tokenservice.x509.PemKeyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a client has.
 *
 * @param identity its certificate, intermediates and key, if it is given
 * @param authorities the authorities of the server's certificate; none: those of the JVM
 */
record ClientFiles(Optional<Identity> identity, List<X509Certificate> authorities) {

    private static final char[] NO_PASSWORD = new char[0];

    /** A certificate with its key; the client's own certificate comes first. */
    record Identity(List<X509Certificate> chain, PrivateKey key) {}

    /**
     * Reads the files.
     *
     * @throws UnusableFileException when one cannot be used
     */
    static ClientFiles read(Optional<Path> certificate, Optional<Path> key, Optional<Path> authorities) {
        Optional<Identity> identity = certificate.map(file -> new Identity(certificates(file), key(key.orElseThrow())));
        return new ClientFiles(
                identity, authorities.map(ClientFiles::certificates).orElse(List.of()));
    }

    private static List<X509Certificate> certificates(Path file) {
        return CertificateFile.certificates(file, NO_PASSWORD);
    }

    private static PrivateKey key(Path file) {
        return PemKeyReader.withoutPassword()
                .read(file, CertificateFile.bytes(file))
                .orElseThrow(() -> new UnusableFileException(
                        file, "holds no private key in PEM: write it with 'openssl pkcs8 -topk8 -nodes'"));
    }

    SSLContext withoutCertificate() {
        return context(Optional.empty());
    }

    Optional<SSLContext> withCertificate() {
        return identity.map(own -> context(Optional.of(own)));
    }

    /** Returns what returns whether a server's certificate is of a trusted authority. */
    X509TrustManager trust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities.isEmpty() ? null : store());
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trust) {
                    return trust;
                }
            }
            throw new IllegalStateException("the JDK has no trust manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK can hold certificates", e);
        }
    }

    private @Nullable KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority" + i, authorities.get(i));
        }
        return store;
    }

    private SSLContext context(Optional<Identity> own) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            if (own.isPresent()) {
                X509Certificate[] chain = own.get().chain().toArray(X509Certificate[]::new);
                store.setKeyEntry("client", own.get().key(), NO_PASSWORD, chain);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK can hold a certificate and its key", e);
        }
    }
}
