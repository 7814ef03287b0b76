package dev.tokenservice.telemetry;

import dev.tokenservice.oauth.OAuthError;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All metrics, with the JVM's beside the service's own: names, units and help texts follow Prometheus' conventions. Every
 * label has few values, known in advance; none is ever a client's id, or anything else that a client chooses. Safe for use by
 * many threads.
 */
public final class ServiceMetrics {

    /** Seconds; a request is answered within 10. */
    private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private static final double MILLISECONDS_PER_SECOND = 1e3;
    private static final double NANOSECONDS_PER_SECOND = 1e9;

    /** Statuses with which requests are refused before an endpoint sees them. */
    private static final List<String> REJECTIONS = List.of("400", "414", "417", "431");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter issued;
    private final Counter refused;
    private final Histogram httpDuration;
    private final Counter rejected;
    private final Counter limits;
    private final Counter handshakes;
    private final Counter connectionsClosed;
    private final List<Port> ports = new CopyOnWriteArrayList<>();
    private final Counter googleRequests;
    private final Counter googleRetries;
    private final Gauge googleInFlight;
    private final Histogram googleDuration;

    /** Starts with no request counted. */
    public ServiceMetrics() {
        issued = counter(
                "token_service_tokens_issued_total", "Token requests that were answered with a token.", "flow", "kind");
        refused = counter(
                "token_service_tokens_refused_total", "Token requests that were answered with an error.", "error");
        httpDuration = histogram(
                "token_service_http_request_duration_seconds",
                "Time from the first byte of a request to the last byte of its answer, on the ports for clients.",
                "endpoint",
                "status");
        rejected = counter(
                "token_service_http_rejected_total",
                "Requests that were refused before any endpoint saw them, as they are not proper HTTP or too large.",
                "status");
        limits = counter(
                "token_service_limit_hits_total", "Requests that were refused as they exceed a limit.", "limit");
        handshakes = counter(
                "token_service_tls_handshakes_total", "TLS handshakes of clients, by the way they ended.", "outcome");
        connectionsClosed = counter(
                "token_service_http_connections_closed_total",
                "Connections that the service closed because a limit was reached.",
                "port",
                "reason");
        portGauge("token_service_http_connections", "Connections that are open at this moment.", Port::connections);
        portGauge("token_service_http_connections_max", "Connections that can be open at the same time.", Port::limit);
        portGauge(
                "token_service_http_held_bytes",
                "Memory that requests hold which are still arriving.",
                Port::heldBytes);
        googleRequests = counter(
                "token_service_google_requests_total",
                "Calls of Google, each with its retries counted once.",
                "call",
                "outcome");
        googleRetries = counter("token_service_google_retries_total", "Repetitions of calls of Google.", "call");
        googleInFlight = Gauge.builder()
                .name("token_service_google_requests_in_flight")
                .help("Calls of Google that wait for an answer.")
                .labelNames("call")
                .register(registry);
        googleDuration = histogram(
                "token_service_google_request_duration_seconds",
                "Time that a call of Google takes, its retries included.",
                "call");
        for (OAuthError error : OAuthError.values()) {
            refused.initLabelValues(error.code());
        }
        for (String status : REJECTIONS) {
            rejected.initLabelValues(status);
        }
        for (Limit limit : Limit.values()) {
            limits.initLabelValues(limit.label());
        }
        for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
            handshakes.initLabelValues(outcome.label());
        }
        Info.builder()
                .name("token_service_build_info")
                .help("The version of the service that runs; always 1.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version());
        JvmMetrics.builder().register(registry);
    }

    /** The jar's own version; classes that are in no jar have none. */
    private static String version() {
        String version = ServiceMetrics.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Histogram histogram(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(BUCKETS)
                .register(registry);
    }

    private GaugeWithCallback.Builder gauge(String name, String help) {
        return GaugeWithCallback.builder().name(name).help(help);
    }

    /** A servlet for the admin port, with the text that Prometheus reads. */
    public PrometheusMetricsServlet servlet() {
        return new PrometheusMetricsServlet(registry);
    }

    /** The service's own counts, for whoever reads Dropwizard's JSON: name and labels, and the value. */
    public Map<String, Double> counts() {
        return MetricCounts.of(registry.scrape(name -> name.startsWith("token_service_")));
    }

    /** Shows from the start, with nothing counted, what the flows may come to: a rate needs a number to start from. */
    public void flows(List<String> flows) {
        for (String flow : flows) {
            for (TokenKind kind : TokenKind.values()) {
                issued.initLabelValues(flow, kind.label());
            }
        }
    }

    /** Counts a token request that was granted. */
    public void issued(String flow, TokenKind kind) {
        issued.labelValues(flow, kind.label()).inc();
    }

    /** Counts a token request that was refused. */
    public void refused(OAuthError error) {
        refused.labelValues(error.code()).inc();
    }

    /**
     * Counts an answer to a client.
     *
     * @param endpoint one of the paths that there are, or one word for all others
     */
    public void answered(String endpoint, int status, long nanoseconds) {
        httpDuration.labelValues(endpoint, Integer.toString(status)).observe(nanoseconds / NANOSECONDS_PER_SECOND);
    }

    /** Counts a request that was refused before any endpoint saw it. */
    public void rejected(int status) {
        rejected.labelValues(Integer.toString(status)).inc();
    }

    /** Counts a request that was refused as it exceeds a limit. */
    public void limitHit(Limit limit) {
        limits.labelValues(limit.label()).inc();
    }

    /** Counts the end of a TLS handshake. */
    public void handshake(HandshakeOutcome outcome) {
        handshakes.labelValues(outcome.label()).inc();
    }

    /** What is counted of the connections of one port. */
    public ConnectionMetrics connections(String port) {
        return new ConnectionMetrics(connectionsClosed, port);
    }

    /** Shows the connections of one port. To be called once for each. */
    public void port(String name, int limit, IntSupplier connections, LongSupplier heldBytes) {
        ports.add(new Port(name, () -> limit, connections::getAsInt, heldBytes::getAsLong));
    }

    private void portGauge(String name, String help, Function<Port, DoubleSupplier> value) {
        gauge(name, help)
                .labelNames("port")
                .callback(callback ->
                        ports.forEach(port -> callback.call(value.apply(port).getAsDouble(), port.name())))
                .register(registry);
    }

    private record Port(String name, DoubleSupplier limit, DoubleSupplier connections, DoubleSupplier heldBytes) {}

    /** What is counted of one kind of call of Google's. */
    public GoogleMetrics google(String call) {
        return new GoogleMetrics(call, googleRequests, googleRetries, googleInFlight, googleDuration);
    }

    /** Shows how busy the threads are that answer requests. To be called once. */
    public void httpThreads(IntSupplier busy, IntSupplier most) {
        gauge("token_service_http_threads_busy", "Threads that answer requests at this moment.")
                .callback(callback -> callback.call(busy.getAsInt()))
                .register(registry);
        gauge("token_service_http_threads_max", "Threads that can answer requests at the same time.")
                .callback(callback -> callback.call(most.getAsInt()))
                .register(registry);
    }

    /**
     * Shows when files end that somebody has to replace before. To be called once.
     *
     * @param ends by kind: {@code server_certificate}, {@code trust_anchor}, {@code intermediate}, {@code revocation_list}; of
     *     several of one kind the first that ends
     */
    public void expiries(Supplier<Map<String, Instant>> ends) {
        gauge(
                        "token_service_expiry_timestamp_seconds",
                        "Unix time at which the first certificate, or revocation list, of a kind ends.")
                .labelNames("kind")
                .callback(callback -> ends.get().forEach((kind, end) -> callback.call(seconds(end), kind)))
                .register(registry);
    }

    /** Shows of how many watched files the newest version is refused, and when they were looked at. To be called once. */
    public void watchedFiles(Supplier<List<String>> problems, Supplier<Optional<Duration>> age) {
        gauge(
                        "token_service_watched_files_refused",
                        "Watched files whose newest version is refused, while the one before stays in force.")
                .callback(callback -> callback.call(problems.get().size()))
                .register(registry);
        gauge("token_service_watched_files_age_seconds", "Seconds since the watched files were last looked at.")
                .callback(callback ->
                        age.get().ifPresent(since -> callback.call(since.toMillis() / MILLISECONDS_PER_SECOND)))
                .register(registry);
    }

    /** Shows how old the key is that signs, where it is the service's own. To be called once. */
    public void signingKey(Instant created) {
        gauge(
                        "token_service_signing_key_created_timestamp_seconds",
                        "Unix time at which the local signing key was made, or its file last written.")
                .callback(callback -> callback.call(seconds(created)))
                .register(registry);
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MILLISECONDS_PER_SECOND;
    }
}
