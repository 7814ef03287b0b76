package dev.tokenservice.doctor;

import dev.tokenservice.doctor.PublicDocuments.Page;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** The requests of a doctor outside: as a client without a certificate, as one with it, and as a relying party. */
final class RemoteCalls implements AutoCloseable {

    private final GoogleTransport withoutCertificate;
    private final Optional<GoogleTransport> withCertificate;
    private final GoogleTransport relyingParty;

    RemoteCalls(ClientFiles files) {
        withoutCertificate = transport(files.withoutCertificate());
        withCertificate = files.withCertificate().map(RemoteCalls::transport);
        relyingParty = GoogleTransport.ofJvm(reason -> {});
    }

    private static GoogleTransport transport(SSLContext tls) {
        return new GoogleTransport(GoogleTransport.Limits.DEFAULT, tls, reason -> {});
    }

    boolean hasCertificate() {
        return withCertificate.isPresent();
    }

    /**
     * Returns whether the server ended the connection: one that insists on a certificate does, in the handshake or, with TLS
     * 1.3, after it.
     */
    static boolean isClosed(IOException failure) {
        return failure instanceof SSLException
                || failure instanceof SocketException
                || failure instanceof EOFException
                || failure instanceof NoHttpResponseException
                || failure instanceof ConnectionClosedException;
    }

    /**
     * What became of a request.
     *
     * @param failure why there is no page
     */
    record Attempt(Optional<Page> page, String failure) {}

    /** Tries to get a page of the service. */
    Attempt attempt(String url) {
        try {
            return new Attempt(Optional.of(get(url)), "");
        } catch (IOException e) {
            return new Attempt(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** Gets a page of the service. */
    Page get(String url) throws IOException {
        return new PublicDocuments(withoutCertificate).get(url);
    }

    /** Gets a page of anyone else, whose certificate must be of an authority that the JVM trusts. */
    Page getElsewhere(String url) throws IOException {
        return new PublicDocuments(relyingParty).get(url);
    }

    /** Requests a token without a certificate. */
    Page tokenWithoutCertificate(String url, Map<String, String> headers) throws IOException {
        return new PublicDocuments(withoutCertificate).requestToken(url, headers);
    }

    /** The same of a host whose certificate must be of an authority that the JVM trusts. */
    Page tokenElsewhere(String url) throws IOException {
        return new PublicDocuments(relyingParty).requestToken(url, Map.of());
    }

    /**
     * Requests a token with the certificate.
     *
     * @throws IllegalStateException if there is none
     */
    Page tokenWithCertificate(String url, Map<String, String> headers) throws IOException {
        return new PublicDocuments(withCertificate.orElseThrow(() -> new IllegalStateException("no certificate")))
                .requestToken(url, headers);
    }

    @Override
    public void close() {
        withoutCertificate.close();
        withCertificate.ifPresent(GoogleTransport::close);
        relyingParty.close();
    }
}
