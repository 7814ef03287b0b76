package dev.tokenservice.authentication;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The connection that a request came over, as this server saw it: no header has a say in it.
 *
 * @param peer the address of whoever opened it, a proxy's where there is one
 * @param tls whether this server terminates TLS on it
 * @param certificates what the peer presented in the handshake, its own certificate first, which proves that it has the
 *     private key and nothing else: not verified
 */
public record Connection(InetAddress peer, boolean tls, List<X509Certificate> certificates) {

    /** The name of the request attribute that holds it. */
    public static final String ATTRIBUTE = Connection.class.getName();

    /** Keeps a copy. */
    public Connection {
        certificates = List.copyOf(certificates);
    }
}
