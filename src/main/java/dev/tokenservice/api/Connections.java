package dev.tokenservice.api;

import dev.tokenservice.authentication.Connection;
import jakarta.servlet.ServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;

/** Tells how a request came: asks the socket, and neither the request line nor a header, which the client writes. */
public final class Connections {

    private Connections() {}

    static Connection of(ServletRequest request) {
        ConnectionMetaData connection =
                ServletContextRequest.getServletContextRequest(request).getConnectionMetaData();
        return new Connection(peer(connection), connection.isSecure(), certificates(connection));
    }

    /** Without a client certificate there is nothing, or an empty array. */
    private static List<X509Certificate> certificates(ConnectionMetaData connection) {
        EndPoint.SslSessionData session =
                connection.getConnection().getEndPoint().getSslSessionData();
        return session == null || session.peerCertificates() == null ? List.of() : List.of(session.peerCertificates());
    }

    private static InetAddress peer(ConnectionMetaData connection) {
        if (connection.getRemoteSocketAddress() instanceof InetSocketAddress address && address.getAddress() != null) {
            return address.getAddress();
        }
        throw new IllegalStateException("every connector is a TCP port");
    }
}
