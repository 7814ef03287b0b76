package dev.tokenservice.outbound;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v5.Apache5HttpTransport;
import dev.tokenservice.outbound.RefusedAnswerException.Reason;
import java.io.IOException;
import java.net.ProxySelector;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;

/**
 * The only transport to Google APIs in the process: pooled connections that are kept alive, the trust store of the JVM, no
 * redirects, no retries of its own, and a {@link DeadlineInterceptor} around every exchange. The credentials use it as
 * well as the clients.
 */
public final class GoogleTransport implements AutoCloseable {

    /** Google closes idle connections after some minutes; ours go first. */
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(3);

    /** The logger that writes whole requests, tokens included, once somebody lowers its level. */
    private static final Logger MESSAGE_LOGGER = Logger.getLogger(HttpTransport.class.getName());

    /** A name lookup that hangs holds its thread for long: more of them would not be answered either. */
    private static final int LOOKUPS = 16;

    private static final int MOST_WAITING_LOOKUPS = 1024;

    private final Limits limits;
    private final TimeValue keepAlive;
    private final ExchangeDeadlines deadlines = new ExchangeDeadlines("google-deadline");
    private final ExecutorService background;
    private final ThreadPoolExecutor lookups;
    private final DeadlineInterceptor interceptor;
    private final List<CloseableHttpClient> clients = new CopyOnWriteArrayList<>();
    private final HttpTransport http;

    /**
     * The limits of an exchange.
     *
     * @param connect for the name lookup, the connection and the TLS handshake, each
     * @param read for every single read
     * @param total for the whole exchange, however its bytes trickle
     * @param connections largest number of connections to one host, and of calls at the same time
     * @param responseBytes largest length of an answer
     */
    public record Limits(Duration connect, Duration read, Duration total, int connections, int responseBytes) {

        public static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(2), Duration.ofSeconds(5), Deadline.OF_A_REQUEST, 256, 256 * 1024);
    }

    /**
     * Opens no connection yet.
     *
     * @param tls whom to trust, and what certificate to show
     * @param refusals is told why an answer was refused, by many threads
     */
    public GoogleTransport(Limits limits, SSLContext tls, Consumer<Reason> refusals) {
        this(limits, tls, refusals, KEEP_ALIVE);
    }

    GoogleTransport(Limits limits, SSLContext tls, Consumer<Reason> refusals, Duration keepAlive) {
        this.limits = limits;
        this.keepAlive = TimeValue.of(keepAlive);
        MESSAGE_LOGGER.setFilter(message -> false);
        background = Executors.newCachedThreadPool(DaemonThreads.named("google-background"));
        lookups = lookups();
        interceptor = new DeadlineInterceptor(limits, deadlines, refusals, GoogleTransport::checkJson);
        http = http(tls);
    }

    /** A transport with the promised limits and the TLS settings of the JVM, {@code javax.net.ssl.trustStore} included. */
    public static GoogleTransport ofJvm(Consumer<Reason> refusals) {
        try {
            return new GoogleTransport(Limits.DEFAULT, SSLContext.getDefault(), refusals);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the TLS settings of the JVM cannot be used: " + e.getMessage(), e);
        }
    }

    private static void checkJson(ClassicHttpResponse answer, byte[] content) throws IOException {
        JsonBounds.check(content);
        // Google's libraries would follow it, and send there what they sent here.
        answer.removeHeaders(HttpHeaders.LOCATION);
    }

    public HttpTransport http() {
        return http;
    }

    /**
     * The same, on connections of its own, for servers that want a client certificate. To be called a few times at most: the
     * connections live as long as this.
     *
     * @param identity the certificate and its key, whose password is empty
     */
    public HttpTransport http(KeyStore identity) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return http(tls);
    }

    static ThreadPoolExecutor lookups() {
        return DaemonThreads.pool("google-dns", LOOKUPS, MOST_WAITING_LOOKUPS);
    }

    private HttpTransport http(SSLContext tls) {
        CloseableHttpClient client = BoundedClient.builder(
                        limits,
                        tls,
                        new BoundedDnsResolver(lookups, limits.connect(), SystemDefaultDnsResolver.INSTANCE),
                        interceptor)
                .setKeepAliveStrategy((response, context) -> keepAlive)
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .build();
        clients.add(client);
        return new Apache5HttpTransport(client);
    }

    public Limits limits() {
        return limits;
    }

    /** Where what may block goes that no request must wait for longer than it wants. */
    public ExecutorService background() {
        return background;
    }

    @Override
    public void close() {
        deadlines.close();
        background.shutdownNow();
        lookups.shutdownNow();
        for (CloseableHttpClient client : clients) {
            client.close(CloseMode.GRACEFUL);
        }
    }
}
