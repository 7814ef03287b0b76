package dev.tokenservice.server;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.util.Arrays;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says where the service can be reached: with port 0 nobody could know. */
public final class StartedPorts implements ServerLifecycleListener {

    private static final Logger LOG = LoggerFactory.getLogger(StartedPorts.class);

    @Override
    public void serverStarted(Server server) {
        int tls = port(server, TlsConnectorFactory.NAME);
        if (tls > 0) {
            LOG.info("TLS is terminated on port {}", tls);
        }
        LOG.info("ready on application port {} and admin port {}", port(server, "application"), port(server, "admin"));
    }

    private static int port(Server server, String connectorName) {
        return Arrays.stream(server.getConnectors())
                .filter(connector -> connectorName.equals(connector.getName()))
                .filter(ServerConnector.class::isInstance)
                .mapToInt(connector -> ((ServerConnector) connector).getLocalPort())
                .findFirst()
                .orElse(-1);
    }
}
