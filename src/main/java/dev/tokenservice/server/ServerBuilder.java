package dev.tokenservice.server;

import dev.tokenservice.telemetry.LineBudget;
import dev.tokenservice.tls.ClientTls;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * Builds Dropwizard's server with connectors for the application, plain and, where there is TLS, encrypted, and one for the
 * admin. It is set up for a service that believes nothing: strict HTTP, no forwarding headers, no content encodings, bounded
 * sizes and times.
 */
final class ServerBuilder extends DefaultServerFactory {

    /** All headers of a request together. A load balancer's certificate headers with a chain need up to 24 KiB. */
    static final DataSize MAX_HEADER_SIZE = DataSize.kibibytes(32);

    /** The limit of Jetty includes the first line of the request (RFC 9112 section 3). */
    private static final DataSize REQUEST_LINE_ALLOWANCE = DataSize.kibibytes(8);

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

    private final ServiceServerFactory settings;
    private final ServerParts parts;
    private final JsonErrorHandler errors;
    private final HandshakeLog handshakes;

    /** Sets what no site needs to change. */
    ServerBuilder(ServiceServerFactory settings, ServerParts parts) {
        this.settings = settings;
        this.parts = parts;
        this.errors = new JsonErrorHandler(parts.metrics(), new LineBudget(parts.clock()));
        this.handshakes = new HandshakeLog(parts.metrics(), new LineBudget(parts.clock()));
        setShutdownGracePeriod(STOP_TIMEOUT);
        setMaxThreads(MAX_THREADS);
        setRegisterDefaultExceptionMappers(false);
        setEnableThreadNameFilter(false);
        getGzipFilterFactory().setEnabled(false);
        setRequestLogFactory(new AccessLogFactory(parts.metrics()));
        setApplicationConnectors(applicationConnectors());
        setAdminConnectors(List.of(setUp(adminConnector(), settings.adminPort(), settings.adminHost())));
    }

    private List<ConnectorFactory> applicationConnectors() {
        List<ConnectorFactory> connectors = new ArrayList<>();
        settings.port()
                .ifPresent(port -> connectors.add(setUp(bounded(APPLICATION), port, settings.applicationHost())));
        if (parts.tls().isPresent()) {
            ServerParts.Tls tls = parts.tls().get();
            connectors.add(setUp(encrypted(TlsConnectorFactory.NAME, tls.context(), TLS), tls.port(), tls.host()));
        }
        return connectors;
    }

    private BoundedConnectorFactory adminConnector() {
        return parts.adminTls()
                .<BoundedConnectorFactory>map(tls -> encrypted(Ports.ADMIN, tls, ADMIN))
                .orElseGet(() -> bounded(ADMIN));
    }

    private TlsConnectorFactory encrypted(String name, ClientTls tls, OpenConnections.Limits limits) {
        return new TlsConnectorFactory(name, tls, limits, parts.metrics(), parts.nanoTime(), handshakes);
    }

    private BoundedConnectorFactory bounded(OpenConnections.Limits limits) {
        return new BoundedConnectorFactory(limits, parts.metrics(), parts.nanoTime());
    }

    @Override
    public Server build(Environment environment) {
        environment.getApplicationContext().setErrorHandler(errors);
        environment.getAdminContext().setErrorHandler(errors);
        // A profile uses a processor for as long as the caller requests.
        environment.getAdminContext().setInitParameter("cpu-profile-enabled", "false");
        environment.getAdminContext().setMaxFormContentSize(MAX_ADMIN_FORM);
        environment.admin().addServlet("index", new AdminIndex()).addMapping("");
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
        server.setErrorHandler(errors);
        if (threadPool instanceof QueuedThreadPool pool) {
            parts.metrics().state().httpThreads(pool::getUtilizedThreads, pool::getMaxThreads);
        }
        return server;
    }

    @Override
    protected Handler addGracefulHandler(Handler handler) {
        return super.addGracefulHandler(new PipelinedRequests(
                new UnreadAnswers(new RequestLimits(new RequestBodies(handler), parts.metrics()))));
    }

    private static HttpConnectorFactory setUp(HttpConnectorFactory connector, int port, ListenSetting host) {
        connector.setPort(port);
        host.resolve().map(InetAddress::getHostAddress).ifPresent(connector::setBindHost);
        connector.setHttpCompliance(HttpCompliance.STRICT);
        connector.setMaxRequestHeaderSize(DataSize.bytes(MAX_HEADER_SIZE.toBytes() + REQUEST_LINE_ALLOWANCE.toBytes()));
        connector.setIdleTimeout(IDLE_TIMEOUT);
        connector.setUseForwardedHeaders(false);
        connector.setUseServerHeader(false);
        return connector;
    }
}
