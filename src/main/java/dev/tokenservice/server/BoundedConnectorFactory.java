package dev.tokenservice.server;

import dev.tokenservice.telemetry.ServiceMetrics;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/** Builds a plain port whose connections are bounded. */
class BoundedConnectorFactory extends HttpConnectorFactory {

    /** Connections that the operating system may hold until they are accepted; its own limit can be lower. */
    private static final int ACCEPT_QUEUE = 1024;

    private final OpenConnections.Limits limits;
    private final ServiceMetrics metrics;
    private final LongSupplier nanoTime;

    BoundedConnectorFactory(OpenConnections.Limits limits, ServiceMetrics metrics, LongSupplier nanoTime) {
        this.limits = limits;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    @Override
    protected ServerConnector buildConnector(
            Server server,
            Scheduler scheduler,
            ByteBufferPool buffers,
            String name,
            @Nullable ThreadPool threadPool,
            ConnectionFactory... factories) {
        OpenConnections connections = new OpenConnections(name, limits, metrics.connections(name), nanoTime);
        metrics.state().port(name, limits.connections(), connections::open, connections::held);
        BoundedConnector connector = new BoundedConnector(
                server, threadPool, scheduler, buffers, connections, this::waiting, nanoTime, factories);
        connector.setPort(getPort());
        connector.setHost(getBindHost());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(getIdleTimeout().toMilliseconds());
        connector.setName(name);
        return connector;
    }

    /** Connections that wait, beside those that wait for a thread. */
    protected int waiting() {
        return 0;
    }

    @Override
    protected HttpConnectionFactory buildHttpConnectionFactory(HttpConfiguration configuration) {
        configuration.setHttpCompliance(getHttpCompliance());
        configuration.setUriCompliance(getUriCompliance());
        HttpConnectionFactory factory = new HttpConnectionFactory(configuration) {
            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                return configure(
                        new BoundedHttpConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
            }
        };
        factory.setInputBufferSize((int) getInputBufferSize().toBytes());
        return factory;
    }

    @Override
    protected ByteBufferPool buildBufferPool() {
        return new BoundedBuffers();
    }
}
