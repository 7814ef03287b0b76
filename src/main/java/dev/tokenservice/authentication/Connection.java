package dev.tokenservice.authentication;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The connection that a request came over, as this server saw it: no header has a say in it.
 *
 * @param peer the address that opened it, that of the proxy if there is one
 * @param tls whether this server terminates TLS on it
 * @param certificates what the peer presented in the handshake, its own certificate first, which proves that it has the
 *     private key and nothing else: not verified
 */
public record Connection(InetAddress peer, boolean tls, List<X509Certificate> certificates) {

    public Connection {
        certificates = List.copyOf(certificates);
    }
}
