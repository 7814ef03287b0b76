package dev.tokenservice.server;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says where the service can be reached: with port 0 nobody could know. */
public final class StartedPorts implements ServerLifecycleListener {

    private static final Logger LOG = LoggerFactory.getLogger(StartedPorts.class);

    @Override
    public void serverStarted(Server server) {
        OptionalInt application = port(server, Ports.APPLICATION);
        OptionalInt tls = port(server, TlsConnectorFactory.NAME);
        tls.ifPresent(port -> LOG.info("TLS is terminated on port {}", port));
        if (application.isPresent()) {
            LOG.info("ready on application port {} and admin port {}", application.getAsInt(), adminPort(server));
        } else {
            LOG.info("ready on TLS port {} and admin port {}", tls.orElseThrow(), adminPort(server));
        }
    }

    private static String adminPort(Server server) {
        return connectors(server, Ports.ADMIN)
                .map(connector -> connector.getLocalPort() + (isEncrypted(connector) ? ", which speaks TLS" : ""))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isEncrypted(ServerConnector connector) {
        return connector.getDefaultConnectionFactory() instanceof SslConnectionFactory;
    }

    private static OptionalInt port(Server server, String connectorName) {
        return connectors(server, connectorName)
                .mapToInt(ServerConnector::getLocalPort)
                .findFirst();
    }

    private static Stream<ServerConnector> connectors(Server server, String name) {
        return Arrays.stream(server.getConnectors())
                .filter(connector -> name.equals(connector.getName()))
                .filter(ServerConnector.class::isInstance)
                .map(ServerConnector.class::cast);
    }
}
