package dev.tokenservice.google;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Google as far as this service meets it, over TLS on a loopback address: the IAM Credentials API and its keys ({@link
 * FakeIam}), the Security Token Service ({@link FakeSts}), the OAuth token endpoint, and over plain HTTP the metadata
 * server ({@link FakeTokens}). They really sign and really check. Every call can be made to fail in every way.
 */
public final class FakeGoogle implements AutoCloseable {

    /** The service account that the metadata server and the token endpoint speak for. */
    public static final String SERVICE_ACCOUNT = "token-service@project.iam.gserviceaccount.com";

    /** The variables of a workload identity provider, by the names of the deployment guide. */
    public static final Map<String, String> WORKLOAD_IDENTITY = Map.of(
            "WORKLOAD_IDENITY_PROJECT_NUMBER", "123456789012",
            "WORKLOAD_IDENITY_POOL_ID", "widgets",
            "WORKLOAD_IDENITY_PROVIDER_ID", "token-service");

    /** What can be called, and made to fail. */
    public enum Call {
        SIGN_JWT,
        GENERATE_ACCESS_TOKEN,
        STS,
        TOKEN,
        JWKS,
        METADATA
    }

    private final TestTls certificates = TestTls.authority("Fake Google");
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-google");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Call, Fault> faults = new ConcurrentHashMap<>();
    private final Map<Call, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server;
    private final String scheme;
    private final HttpServer metadataServer;
    private final FakeTokens tokens = new FakeTokens();
    private final FakeIam iam;
    private final FakeSts sts;

    private FakeGoogle(boolean tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        scheme = tls ? "https" : "http";
        server = tls ? tlsServer(address) : HttpServer.create(address, 512);
        server.setExecutor(executor);
        metadataServer = HttpServer.create(address, 16);
        metadataServer.setExecutor(executor);
        iam = new FakeIam(tokens);
        sts = new FakeSts(tokens, certificates.clientContext());
        server.createContext(
                "/", exchange -> FakeAnswer.error(exchange, 404, "NOT_FOUND", "Requested entity was not found."));
        server.createContext("/v1/projects/-/serviceAccounts/", this::iam);
        server.createContext("/v1/token", handler(Call.STS, sts::exchange));
        server.createContext("/token", handler(Call.TOKEN, tokens::tokenEndpoint));
        server.createContext("/jwk/", handler(Call.JWKS, iam::jwks));
        metadataServer.createContext("/", handler(Call.METADATA, tokens::metadata));
        server.start();
        metadataServer.start();
    }

    /** A Google of one's own, on free ports. */
    public static FakeGoogle start() {
        return start(true);
    }

    /** The same over plain HTTP, for services in this process, which trusts no authority of a test's. */
    public static FakeGoogle startWithoutTls() {
        return start(false);
    }

    private static FakeGoogle start(boolean tls) {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1024");
        try {
            return new FakeGoogle(tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpsServer tlsServer(InetSocketAddress address) throws IOException {
        HttpsServer tlsServer = HttpsServer.create(address, 512);
        tlsServer.setHttpsConfigurator(
                new CountingConfigurator(certificates.serverContext(certificates.server("localhost", "127.0.0.1"))));
        return tlsServer;
    }

    /** The variables with which a service finds its APIs here, whatever its credentials. */
    public Map<String, String> endpoints() {
        return new HashMap<>(Map.of("IAM_CREDENTIALS_URL", url(), "STS_URL", url(), "JWKS_URL", jwksUrl()));
    }

    /** The variables of a service that runs on Cloud Run here, with the account of its metadata server. */
    public Map<String, String> cloudRun() {
        Map<String, String> variables = endpoints();
        variables.putAll(Map.of("K_SERVICE", "token-service", "GCE_METADATA_HOST", metadataHost()));
        return variables;
    }

    /** The value for IAM_CREDENTIALS_URL and STS_URL. */
    public String url() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    /** The value for JWKS_URL. */
    public String jwksUrl() {
        return url() + "/jwk/{email}";
    }

    /** The value for the token_uri of credentials files. */
    public String tokenUrl() {
        return url() + "/token";
    }

    /** The value for GCE_METADATA_HOST. */
    public String metadataHost() {
        return "localhost:" + metadataServer.getAddress().getPort();
    }

    /** The authority behind its certificate. */
    public TestTls certificates() {
        return certificates;
    }

    public FakeIam iam() {
        return iam;
    }

    public FakeSts sts() {
        return sts;
    }

    public FakeTokens tokens() {
        return tokens;
    }

    /** From now on this call fails. */
    public void fail(Call call, Fault fault) {
        faults.put(call, fault);
    }

    /** The next time only, this call fails. */
    public void failOnce(Call call, Fault fault) {
        faults.put(call, exchange -> {
            faults.remove(call);
            fault.apply(exchange);
        });
    }

    /** From now on this call takes its time, and then works. */
    public void delay(Call call, Duration latency) {
        faults.put(call, new Latency(latency));
    }

    /** No more faults. */
    public void heal() {
        faults.clear();
    }

    /** How often this was called. */
    public int calls(Call call) {
        return calls.computeIfAbsent(call, c -> new AtomicInteger()).get();
    }

    /** How many TLS connections were opened. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        server.stop(0);
        metadataServer.stop(0);
        executor.shutdownNow();
    }

    private void iam(HttpExchange exchange) throws IOException {
        boolean signJwt = exchange.getRequestURI().getPath().endsWith(":signJwt");
        HttpHandler handler = signJwt
                ? handler(Call.SIGN_JWT, iam::signJwt)
                : handler(Call.GENERATE_ACCESS_TOKEN, iam::generateAccessToken);
        handler.handle(exchange);
    }

    private HttpHandler handler(Call call, HttpHandler working) {
        return exchange -> {
            calls.computeIfAbsent(call, c -> new AtomicInteger()).incrementAndGet();
            try (exchange) {
                Fault fault = faults.get(call);
                if (fault != null) {
                    fault.apply(exchange);
                }
                if (fault == null || fault instanceof Latency) {
                    working.handle(exchange);
                }
            }
        };
    }

    private record Latency(Duration duration) implements Fault {

        @Override
        public void apply(HttpExchange exchange) {
            try {
                Thread.sleep(duration.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class CountingConfigurator extends HttpsConfigurator {

        CountingConfigurator(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            connections.incrementAndGet();
            parameters.setSSLParameters(getSSLContext().getDefaultSSLParameters());
        }
    }
}
