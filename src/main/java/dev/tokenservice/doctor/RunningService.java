package dev.tokenservice.doctor;

import com.google.common.net.InetAddresses;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Paths;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Returns whether a Token Service has a port already. */
record RunningService(PublicDocuments documents) {

    private static final int TIMEOUT_MILLISECONDS = 5000;

    /** By what the metadata says of the authentication of clients, which hardly anybody else says. */
    boolean answers(InetSocketAddress place) {
        String host = InetAddresses.toUriString(place.getAddress());
        try {
            return documents
                    .get("http://" + host + ":" + place.getPort() + Paths.AUTHORIZATION_SERVER)
                    .body()
                    .contains("\"tls_client_auth\"");
        } catch (IOException e) {
            return false;
        }
    }

    /** By the certificate of this configuration, which nobody else has the key of. Empty: there is none. */
    boolean shows(Supplier<Optional<List<X509Certificate>>> chain, InetSocketAddress place) {
        try {
            Optional<List<X509Certificate>> own = chain.get();
            return own.isPresent() && shows(own.get().get(0), place);
        } catch (UnusableFileException e) {
            return false;
        }
    }

    private static boolean shows(X509Certificate certificate, InetSocketAddress place) {
        try (Socket plain = new Socket()) {
            plain.connect(place, TIMEOUT_MILLISECONDS);
            plain.setSoTimeout(TIMEOUT_MILLISECONDS);
            SSLContext context = new ClientFiles(Optional.empty(), List.of(certificate)).withoutCertificate();
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, place.getAddress().getHostAddress(), place.getPort(), true)) {
                socket.startHandshake();
                return true;
            }
        } catch (IOException e) {
            return false;
        }
    }
}
