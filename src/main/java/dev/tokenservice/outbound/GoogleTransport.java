package dev.tokenservice.outbound;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v5.Apache5HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The one way out to Google for the whole process: pooled connections that are kept alive, the trust store of the JVM, no
 * redirects, no retries of its own, and a {@link DeadlineInterceptor} around every exchange. The credentials use it as
 * well as the clients.
 */
public final class GoogleTransport implements AutoCloseable {

    /** Google closes idle connections after some minutes; ours go first. */
    private static final TimeValue KEEP_ALIVE = TimeValue.ofMinutes(3);

    private static final Duration DEADLINE_PRECISION = Duration.ofMillis(50);

    /** The logger that writes whole requests, tokens included, once somebody lowers its level. */
    private static final Logger MESSAGE_LOGGER = Logger.getLogger(HttpTransport.class.getName());

    /** A name lookup that hangs holds its thread for long: more of them would not be answered either. */
    private static final int LOOKUPS = 16;

    private static final int MOST_WAITING_LOOKUPS = 1024;

    private final Limits limits;
    private final ScheduledExecutorService alarms;
    private final ExecutorService background;
    private final ThreadPoolExecutor lookups;
    private final CloseableHttpClient client;
    private final HttpTransport http;
    private final ScheduledFuture<?> sweep;

    /**
     * The limits of an exchange.
     *
     * @param connect for the name lookup, the connection and the TLS handshake, each
     * @param read for every single read
     * @param total for the whole exchange, however its bytes trickle
     * @param connections at most so many to one host, and so many calls at once
     * @param responseBytes at most so long an answer
     */
    public record Limits(Duration connect, Duration read, Duration total, int connections, int responseBytes) {

        /** What the service promises. */
        public static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(2), Duration.ofSeconds(5), Deadline.OF_A_REQUEST, 256, 256 * 1024);
    }

    public GoogleTransport(Limits limits, SSLContext tls) {
        this.limits = limits;
        MESSAGE_LOGGER.setFilter(message -> false);
        alarms = Executors.newSingleThreadScheduledExecutor(daemons("google-deadline"));
        background = Executors.newCachedThreadPool(daemons("google-background"));
        lookups = new ThreadPoolExecutor(
                LOOKUPS,
                LOOKUPS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MOST_WAITING_LOOKUPS),
                daemons("google-dns"));
        lookups.allowCoreThreadTimeOut(true);
        DeadlineInterceptor deadline = new DeadlineInterceptor(limits);
        client = client(tls, deadline);
        http = new Apache5HttpTransport(client);
        long period = DEADLINE_PRECISION.toMillis();
        sweep = alarms.scheduleWithFixedDelay(deadline::cancelLate, period, period, TimeUnit.MILLISECONDS);
    }

    /** A transport with the promised limits and the TLS settings of the JVM, {@code javax.net.ssl.trustStore} included. */
    public static GoogleTransport ofJvm() {
        try {
            return new GoogleTransport(Limits.DEFAULT, SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the TLS settings of the JVM cannot be used: " + e.getMessage(), e);
        }
    }

    /** The transport as Google's libraries take it. */
    public HttpTransport http() {
        return http;
    }

    public Limits limits() {
        return limits;
    }

    /** Where what may block goes that no request must wait for longer than it wants. */
    public ExecutorService background() {
        return background;
    }

    private CloseableHttpClient client(SSLContext tls, DeadlineInterceptor deadline) {
        Timeout connect = Timeout.of(limits.connect());
        HttpClientBuilder builder = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(AnswerParser.bounds())
                                .responseParserFactory(AnswerParser::new)
                                .build())
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setDnsResolver(new BoundedDnsResolver(lookups, limits.connect()))
                        .setMaxConnPerRoute(limits.connections())
                        .setMaxConnTotal(4 * limits.connections())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(Timeout.of(limits.read()))
                                .build())
                        .build())
                .setKeepAliveStrategy((response, context) -> KEEP_ALIVE)
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState();
        return builder.addExecInterceptorFirst("deadline", deadline).build();
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        sweep.cancel(true);
        alarms.shutdownNow();
        background.shutdownNow();
        lookups.shutdownNow();
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long millis(Duration duration) {
        return TimeUnit.NANOSECONDS.toMillis(duration.toNanos());
    }
}
