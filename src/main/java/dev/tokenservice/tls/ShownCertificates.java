package dev.tokenservice.tls;

import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;

/**
 * The certificates that clients have shown, for as long as there are their connections: a handshake that fails takes its session
 * away, and with it what it knew of the client. Safe for use by many threads.
 */
final class ShownCertificates {

    private final Map<SSLEngine, X509Certificate> certificates = Collections.synchronizedMap(new WeakHashMap<>());

    void note(SSLEngine connection, X509Certificate certificate) {
        certificates.put(connection, certificate);
    }

    Optional<X509Certificate> on(SSLEngine connection) {
        return Optional.ofNullable(certificates.get(connection));
    }
}
