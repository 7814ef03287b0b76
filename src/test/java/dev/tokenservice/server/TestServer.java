package dev.tokenservice.server;

import com.codahale.metrics.MetricRegistry;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.testing.TestTicker;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The connections of the service before any handler. */
final class TestServer implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    /** Starts it with so many threads. */
    TestServer(int threads, Handler handler) throws Exception {
        server = new Server(new QueuedThreadPool(threads));
        BoundedConnectorFactory factory = new BoundedConnectorFactory(
                new OpenConnections.Limits(1000, 1_000_000), new ServiceMetrics(), new TestTicker());
        factory.setPort(0);
        factory.setBindHost("localhost");
        connector = (ServerConnector) factory.build(server, new MetricRegistry(), "application", null);
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
