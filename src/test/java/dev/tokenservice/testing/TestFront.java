package dev.tokenservice.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A load balancer over real TLS: asks for a client certificate, and passes each request on with the headers that a test has it
 * write. Those that it does not write pass as the client sent them.
 */
public final class TestFront implements AutoCloseable {

    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "transfer-encoding");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final HttpsServer server;
    private volatile Function<Optional<X509Certificate>, dev.tokenservice.testing.Headers> headers;
    private volatile boolean certificateRequired;
    private volatile boolean googles;
    private volatile int servicePort;

    private TestFront(TestAuthority.Identity identity) throws IOException {
        headers = TestFront::asTheGuideHasIt;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(executor);
        server.setHttpsConfigurator(new HttpsConfigurator(context(identity)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setWantClientAuth(true);
                if (certificateRequired) {
                    tls.setNeedClientAuth(true);
                }
                parameters.setSSLParameters(tls);
            }
        });
        server.createContext("/", this::forward);
        server.start();
    }

    /** One on a free port, set up as the deployment guide has it. */
    public static TestFront start(TestAuthority.Identity identity) {
        try {
            return new TestFront(identity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the guide configures, for whatever certificate there is; it counts as verified. */
    public static dev.tokenservice.testing.Headers asTheGuideHasIt(Optional<X509Certificate> certificate) {
        return certificate.map(TestLoadBalancer::verified).orElseGet(TestLoadBalancer::withoutCertificate);
    }

    /** Where it is, without a slash at the end. */
    public String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    /** Where requests go. */
    public void forwardTo(int port) {
        servicePort = port;
    }

    /** What it writes into requests, by the client's certificate. */
    public void writes(Function<Optional<X509Certificate>, dev.tokenservice.testing.Headers> what) {
        headers = what;
    }

    /** Whether connections without a certificate are refused. */
    public void requireCertificate(boolean required) {
        certificateRequired = required;
    }

    /** Whether it says of itself what the load balancer of Google Cloud says. */
    public void isGoogles(boolean is) {
        googles = is;
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://localhost:" + servicePort + exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    exchange.getRequestBody().readAllBytes()));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            headers.apply(certificate((HttpsExchange) exchange))
                    .all()
                    .forEach(header -> request.setHeader(header.name(), header.value()));
            answer(exchange, client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        Headers out = exchange.getResponseHeaders();
        if (googles) {
            out.set("Via", "1.1 google");
        }
        answer.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name)) {
                out.put(name, values);
            }
        });
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    private static Optional<X509Certificate> certificate(HttpsExchange exchange) {
        try {
            return Optional.of((X509Certificate) exchange.getSSLSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static SSLContext context(TestAuthority.Identity identity) {
        char[] password = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, password);
            store.setKeyEntry(
                    "server", identity.key(), password, identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    /** What a certificate is worth, the headers say. */
    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new IllegalStateException("a server's");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
