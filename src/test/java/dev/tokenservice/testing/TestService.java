package dev.tokenservice.testing;

import dev.tokenservice.TokenServiceApplication;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.configuration.Overrides;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.health.DelayedShutdownHandler;
import io.dropwizard.testing.DropwizardTestSupport;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.ShutdownThread;

/** The whole application in this process, on free ports, in an environment and at a time of the test's choice. */
public final class TestService implements AutoCloseable {

    /** Long enough for a thread that is about to write, as a busy machine may let it wait. */
    private static final Duration TIME_AT_STOP = Duration.ofMillis(20);

    /**
     * One for all tests that are content with the defaults, a key that is made quickly, and no limit of refusals: they show the
     * same certificate in thousands of wrong requests.
     */
    private static final class Shared {
        static final TestService INSTANCE = start(Map.of("REFUSALS_PER_CLIENT", "0"));
    }

    private final TestClock clock = new TestClock();
    private final TestTicker ticker = new TestTicker();
    private final DropwizardTestSupport<TokenServiceConfiguration> support;

    private TestService(Map<String, String> variables) {
        support =
                new DropwizardTestSupport<>(
                        TokenServiceApplication.class, (String) null, (String) null, ServerWithSharedValidators::new) {
                    @Override
                    public Application<TokenServiceConfiguration> newApplication() {
                        return new TokenServiceApplication(
                                Overrides.of(variables), clock, ticker, System.out, System.err);
                    }
                };
    }

    private static final class ServerWithSharedValidators extends ServerCommand<TokenServiceConfiguration> {

        ServerWithSharedValidators(Application<TokenServiceConfiguration> application) {
            super(application);
        }

        @Override
        public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
            bootstrap.setValidatorFactory(TestValidators.SHARED);
            super.run(bootstrap, namespace);
        }
    }

    /** Starts the service for proxies on this machine; the variables given go before those that a test always needs. */
    public static TestService start(Map<String, String> variables) {
        return startWithoutProof(Loopback.trusted(variables));
    }

    /** The same, with no proof of the proxy but those that the variables hold. */
    public static TestService startWithoutProof(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PORT", "0", "ADMIN_PORT", "0", "SIGNER", "local", "SIGNING_ALGORITHM", "ES256", "LOG_LEVEL", "INFO"));
        environment.putAll(variables);
        TestService service = new TestService(environment);
        try {
            service.support.before();
            forgetNoticeOfStop();
        } catch (Exception e) {
            throw new IllegalStateException("the service does not start", e);
        }
        return service;
    }

    /**
     * Each service would hold up the end of this process by the time in which a load balancer notices. How a service ends
     * is shown by the tests that give it a process of its own.
     */
    private static void forgetNoticeOfStop() throws ReflectiveOperationException {
        Field registered = ShutdownThread.class.getDeclaredField("_lifeCycles");
        registered.setAccessible(true);
        for (Object lifeCycle : List.copyOf((Collection<?>) registered.get(ShutdownThread.getInstance()))) {
            if (lifeCycle instanceof DelayedShutdownHandler notice) {
                ShutdownThread.deregister(notice);
            }
        }
    }

    /** The service that many tests share. It is not to be closed, and its clock is to be set right again. */
    public static TestService shared() {
        return Shared.INSTANCE;
    }

    public int port() {
        return support.getLocalPort();
    }

    /** The port of the TLS connector, where there is one. */
    public int tlsPort() {
        return Stream.of(server().getConnectors())
                .filter(connector -> "tls".equals(connector.getName()))
                .mapToInt(connector -> ((ServerConnector) connector).getLocalPort())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no TLS port"));
    }

    public int adminPort() {
        return support.getAdminPort();
    }

    public TestClock clock() {
        return clock;
    }

    /** What measures the times of its connections. */
    public TestTicker ticker() {
        return ticker;
    }

    /** The server with its ports: application, unless it is off, TLS where there is one, admin. */
    public Server server() {
        return support.getEnvironment().getApplicationContext().getServer();
    }

    /** Sends a request to the application port. */
    public Response send(Request request) {
        return Http.send(port(), request);
    }

    /** Sends a request to the admin port. */
    public Response sendToAdmin(Request request) {
        return Http.send(adminPort(), request);
    }

    /** Asks for a token with these headers; names and values of further parameters in turns. */
    public Response token(Headers headers, String... parameters) {
        return send(tokenRequest(headers, parameters));
    }

    /** A proper token request with these headers; names and values of further parameters in turns. */
    public static Request tokenRequest(Headers headers, String... parameters) {
        String[] all = new String[parameters.length + 2];
        all[0] = "grant_type";
        all[1] = "client_credentials";
        System.arraycopy(parameters, 0, all, 2, parameters.length);
        return Request.post("/token", all).headers(headers);
    }

    /** Waits less than a service outside of tests for those who may still use a connection. */
    @Override
    public void close() {
        for (Connector connector : server().getConnectors()) {
            ((AbstractConnector) connector).setShutdownIdleTimeout(TIME_AT_STOP.toMillis());
        }
        support.after();
    }
}
