package dev.tokenservice.api;

import dev.tokenservice.authentication.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;

/** Reads who is at the other end of the connection of a request. */
final class RequestConnection {

    private RequestConnection() {}

    static Connection of(ConnectionMetaData connection) {
        return new Connection(peer(connection), connection.isSecure(), certificates(connection));
    }

    /** Asks the socket, and not the target or a header of the request, which the client writes. */
    private static InetAddress peer(ConnectionMetaData connection) {
        if (connection.getRemoteSocketAddress() instanceof InetSocketAddress address && address.getAddress() != null) {
            return address.getAddress();
        }
        throw new IllegalStateException("every connector is a TCP port");
    }

    /** Without a client certificate there is nothing, or an empty array. */
    private static List<X509Certificate> certificates(ConnectionMetaData connection) {
        EndPoint.SslSessionData session =
                connection.getConnection().getEndPoint().getSslSessionData();
        return session == null || session.peerCertificates() == null ? List.of() : List.of(session.peerCertificates());
    }
}
