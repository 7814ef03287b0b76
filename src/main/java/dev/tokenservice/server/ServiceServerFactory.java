package dev.tokenservice.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.telemetry.LineBudget;
import dev.tokenservice.telemetry.ServiceMetrics;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.PortRange;
import jakarta.servlet.DispatcherType;
import jakarta.validation.constraints.NotEmpty;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Dropwizard's server with connectors for the application, plain and, where asked for, TLS, and one for the admin, set up for a service that
 * believes nothing: strict HTTP, no forwarding headers, no content encodings, bounded sizes and times.
 */
public final class ServiceServerFactory extends DefaultServerFactory {

    /** All headers of a request together. A load balancer's certificate headers with a chain need up to 24 KiB. */
    private static final DataSize MAX_HEADER_SIZE = DataSize.kibibytes(32);

    /** Jetty counts the request line, too. */
    private static final DataSize REQUEST_LINE_ALLOWANCE = DataSize.kibibytes(8);

    private static final String UNMEASURED = "measure comes before build";

    /** Of a task for the admin port: a few names and levels. */
    private static final int MAX_ADMIN_FORM = 2 * 1024;

    /** Clients behind a load balancer need few connections, and clients of the TLS port one each. */
    private static final OpenConnections.Limits APPLICATION = new OpenConnections.Limits(4096, 16L * 1024 * 1024);

    /** A handshake that has begun keeps some 20 KiB, and nobody knows yet who asks for it. */
    private static final OpenConnections.Limits TLS = new OpenConnections.Limits(1024, 16L * 1024 * 1024);

    /** Fewer than there are threads, so that slow bodies do not keep everybody out. */
    private static final OpenConnections.Limits ADMIN = new OpenConnections.Limits(32, 2L * 1024 * 1024);

    /** 256 of them may wait for the IAM Credentials API and STS. */
    private static final int MAX_THREADS = 512;

    private static final Duration IDLE_TIMEOUT = Duration.seconds(30);

    /** A request may wait 8 seconds for Google; with the delay in which readiness is withdrawn this stays within 10. */
    private static final Duration STOP_TIMEOUT = Duration.milliseconds(8500);

    /** Once it stops: long enough for a body in transit, and no longer, as load balancers keep idle connections open. */
    private static final Duration IDLE_TIMEOUT_AT_STOP = Duration.seconds(3);

    /** Application port; 0 picks a free one. */
    @JsonProperty
    @PortRange(message = "must be a port number, 0 to 65535")
    int port = 8080;

    /** Admin port; 0 picks a free one. */
    @JsonProperty
    @PortRange(message = "must be a port number, 0 to 65535")
    int adminPort = 8081;

    /** Address that the admin port listens on. It has no login: beyond loopback it is open to whoever reaches it. */
    @JsonProperty
    @NotEmpty(message = "must be the address to listen on, such as 127.0.0.1, or 0.0.0.0 for all")
    String adminHost = "127.0.0.1";

    private @Nullable ServiceMetrics metrics;
    private @Nullable JsonErrorHandler errors;
    private @Nullable HandshakeLog handshakes;
    private int tlsPort;
    private SslContextFactory.@Nullable Server tls;

    /** Sets what no site needs to change. */
    public ServiceServerFactory() {
        setShutdownGracePeriod(STOP_TIMEOUT);
        setMaxThreads(MAX_THREADS);
        setRegisterDefaultExceptionMappers(false);
        setEnableThreadNameFilter(false);
        getGzipFilterFactory().setEnabled(false);
    }

    /** Application port; 0 picks a free one. */
    public int port() {
        return port;
    }

    /** Admin port; 0 picks a free one. */
    public int adminPort() {
        return adminPort;
    }

    /** Address that the admin port listens on. */
    public String adminHost() {
        return adminHost;
    }

    /** Has requests and threads counted there. To be called before the server is built. */
    public void measure(ServiceMetrics newMetrics, Clock clock) {
        metrics = newMetrics;
        errors = new JsonErrorHandler(newMetrics, new LineBudget(clock));
        handshakes = new HandshakeLog(newMetrics, new LineBudget(clock));
    }

    /** Adds a connector that terminates TLS; 0 picks a free port. To be called before the server is built. */
    public void enableTls(int newTlsPort, SslContextFactory.Server newTls) {
        tlsPort = newTlsPort;
        tls = newTls;
    }

    @Override
    public Server build(Environment environment) {
        List<ConnectorFactory> connectors = new ArrayList<>();
        ServiceMetrics measured = Objects.requireNonNull(metrics, UNMEASURED);
        connectors.add(setUp(new BoundedConnectorFactory(APPLICATION, measured), port, null));
        if (tls != null) {
            connectors.add(setUp(
                    new TlsConnectorFactory(tls, TLS, measured, Objects.requireNonNull(handshakes, UNMEASURED)),
                    tlsPort,
                    null));
        }
        setRequestLogFactory(new RequestLineFactory(measured));
        setApplicationConnectors(connectors);
        setAdminConnectors(List.of(setUp(new BoundedConnectorFactory(ADMIN, measured), adminPort, adminHost)));
        environment.getApplicationContext().setErrorHandler(errors);
        environment.getAdminContext().setErrorHandler(errors);
        // A profile holds a processor for as long as whoever reaches the port asks for.
        environment.getAdminContext().setInitParameter("cpu-profile-enabled", "false");
        environment.getAdminContext().setMaxFormContentSize(MAX_ADMIN_FORM);
        environment
                .admin()
                .addFilter("gate", new AdminGate())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        Server server = super.build(environment);
        for (Connector connector : server.getConnectors()) {
            ((AbstractConnector) connector).setShutdownIdleTimeout(IDLE_TIMEOUT_AT_STOP.toMilliseconds());
        }
        return server;
    }

    @Override
    protected Server buildServer(LifecycleEnvironment lifecycle, ThreadPool threadPool) {
        Server server = super.buildServer(lifecycle, threadPool);
        server.setErrorHandler(Objects.requireNonNull(errors, UNMEASURED));
        if (metrics != null && threadPool instanceof QueuedThreadPool pool) {
            metrics.httpThreads(pool::getUtilizedThreads, pool::getMaxThreads);
        }
        return server;
    }

    @Override
    protected Handler addGracefulHandler(Handler handler) {
        return super.addGracefulHandler(
                new RequestLimits(new RequestBodies(handler), Objects.requireNonNull(metrics, UNMEASURED)));
    }

    private static HttpConnectorFactory setUp(HttpConnectorFactory connector, int port, @Nullable String host) {
        connector.setPort(port);
        connector.setBindHost(host);
        connector.setHttpCompliance(HttpCompliance.STRICT);
        connector.setMaxRequestHeaderSize(DataSize.bytes(MAX_HEADER_SIZE.toBytes() + REQUEST_LINE_ALLOWANCE.toBytes()));
        connector.setIdleTimeout(IDLE_TIMEOUT);
        connector.setUseForwardedHeaders(false);
        connector.setUseServerHeader(false);
        return connector;
    }
}
