package dev.tokenservice.server;

import com.codahale.metrics.MetricRegistry;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.tls.ClientTls;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/** A connector that terminates TLS; its HTTP is that of the plain one. */
final class TlsConnectorFactory extends BoundedConnectorFactory {

    /** The name of the connector for clients. */
    static final String NAME = "tls";

    private final String connectorName;
    private final ClientTls tls;
    private final HandshakeLog handshakes;
    private final HandshakeTurns turns = new HandshakeTurns();

    TlsConnectorFactory(
            String connectorName,
            ClientTls tls,
            OpenConnections.Limits limits,
            ServiceMetrics metrics,
            LongSupplier nanoTime,
            HandshakeLog handshakes) {
        super(limits, metrics, nanoTime);
        this.connectorName = connectorName;
        this.tls = tls;
        this.handshakes = handshakes;
    }

    @Override
    public Connector build(Server server, MetricRegistry registry, String name, @Nullable ThreadPool threadPool) {
        server.addBean(tls);
        ByteBufferPool buffers = buildBufferPool();
        return buildConnector(
                server,
                new ScheduledExecutorScheduler(),
                buffers,
                connectorName,
                threadPool,
                measuring(),
                buildHttpConnectionFactory(buildHttpConfiguration()));
    }

    private SslConnectionFactory measuring() {
        return new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()) {
            @Override
            protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
                return new MeasuredSslConnection(
                        this, connector, endPoint, engine, handshakes, turns, () -> tls.shown(engine));
            }
        };
    }

    @Override
    protected int waiting() {
        return turns.waiting();
    }

    @Override
    protected HttpConfiguration buildHttpConfiguration() {
        HttpConfiguration configuration = super.buildHttpConfiguration();
        // Whether the certificate fits the name is the client's business: a Host header need not repeat what it
        // resolved.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        return configuration;
    }
}
