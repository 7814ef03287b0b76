package dev.tokenservice.telemetry;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All metrics, with the JVM's beside the service's own: names, units and help texts follow Prometheus' conventions. Every
 * label has few values, known in advance; none is ever a client's id, or anything else that a client chooses. Safe for use by
 * many threads.
 */
public final class ServiceMetrics {

    /** Seconds; a request is answered within 10. */
    private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    /** A quarter of an hour to two years: workloads' certificates live for hours, machines' for months. */
    private static final double[] CERTIFICATE_BUCKETS = Stream.of(
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofHours(6),
                    Duration.ofDays(1),
                    Duration.ofDays(3),
                    Duration.ofDays(7),
                    Duration.ofDays(14),
                    Duration.ofDays(30),
                    Duration.ofDays(90),
                    Duration.ofDays(365),
                    Duration.ofDays(730))
            .mapToDouble(Duration::toSeconds)
            .toArray();

    private static final double NANOSECONDS_PER_SECOND = 1e9;

    /** Statuses with which requests are refused before an endpoint sees them. */
    private static final List<String> REJECTIONS = List.of("400", "414", "417", "431");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final StateMetrics state = new StateMetrics(registry);
    private final RuleMetrics rules = new RuleMetrics(registry);

    private final Counter issued =
            counter("token_service_tokens_issued_total", "Token requests answered with a token.", "flow", "kind");
    private final Counter ofRelyingParties = counter(
            "token_service_relying_party_tokens_total",
            "Token requests answered with a token, by the relying party of the ID token.",
            "relying_party");
    private final Counter refused = counter(
            "token_service_tokens_refused_total", "Token requests answered with an error.", "error", "reason_code");
    private final Histogram clientCertificates = Histogram.builder()
            .name("token_service_client_certificate_remaining_seconds")
            .help("Time until the client's certificate expires, at each request that was answered with a token.")
            .classicOnly()
            .classicUpperBounds(CERTIFICATE_BUCKETS)
            .register(registry);
    private final Histogram httpDuration = histogram(
            "token_service_http_request_duration_seconds",
            "Time from the first byte of a request to the last byte of its answer, on the ports for clients.",
            "endpoint",
            "status");
    private final Counter rejected = counter(
            "token_service_http_rejected_total",
            "Requests that never reached an endpoint, because they are malformed HTTP or too large.",
            "status");
    private final Counter limits =
            counter("token_service_limit_hits_total", "Requests refused because they exceed a limit.", "limit");
    private final Counter refusalsNotCounted = counter(
            "token_service_refusals_not_counted_total",
            "Refusals that were not counted, because the service already counts those of too many certificates.");
    private final Counter auditLinesDropped = counter(
            "token_service_audit_file_lines_dropped_total",
            "Audit lines missing in AUDIT_FILE; standard output has them.",
            "reason");
    private final Counter handshakes =
            counter("token_service_tls_handshakes_total", "TLS handshakes of clients, by outcome.", "outcome");
    private final Counter connectionsClosed = counter(
            "token_service_http_connections_closed_total",
            "Connections that the service closed because a limit was reached.",
            "port",
            "reason");
    private final Counter googleRequests = counter(
            "token_service_google_requests_total",
            "Calls to Google APIs; a call and its retries count once.",
            "call",
            "outcome");
    private final Counter googleRetries =
            counter("token_service_google_retries_total", "Retries of calls to Google APIs.", "call");
    private final Gauge googleInFlight = Gauge.builder()
            .name("token_service_google_requests_in_flight")
            .help("Calls to Google APIs in flight.")
            .labelNames("call")
            .register(registry);
    private final Histogram googleDuration = histogram(
            "token_service_google_request_duration_seconds",
            "Time of a call to a Google API, including its retries.",
            "call");
    private final Counter answersRefused = counter(
            "token_service_answers_refused_total",
            "Answers of other servers refused because they exceed a limit or are malformed HTTP or JSON.",
            "reason");

    /** Starts with no request counted: a rate needs a number to start from. */
    public ServiceMetrics() {
        Stream.of(ReasonCode.values())
                .forEach(reason -> refused.initLabelValues(reason.error().code(), reason.code()));
        REJECTIONS.forEach(rejected::initLabelValues);
        Stream.of(Limit.values()).map(Limit::label).forEach(limits::initLabelValues);
        Stream.of(AuditDrop.values()).map(AuditDrop::label).forEach(auditLinesDropped::initLabelValues);
        Stream.of(HandshakeOutcome.values()).map(HandshakeOutcome::label).forEach(handshakes::initLabelValues);
        Info.builder()
                .name("token_service_build_info")
                .help("Version of the running service; always 1.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(Build.current().version());
        JvmMetrics.builder().register(registry);
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

    /** A servlet for the admin port, with the text that Prometheus reads. */
    public PrometheusMetricsServlet servlet() {
        return new PrometheusMetricsServlet(registry);
    }

    /** The counts of the service for the JSON of Dropwizard: name and labels, and the value. */
    public Map<String, Double> counts() {
        return MetricCounts.of(registry.scrape(name -> name.startsWith("token_service_")));
    }

    /** Returns the metrics that are read at the moment of a scrape. */
    public StateMetrics state() {
        return state;
    }

    /** What the rules of the policy decide. */
    public RuleMetrics rules() {
        return rules;
    }

    /** Exposes the outcomes of all flows with the count 0 before the first event: a rate needs a number to start from. */
    public void flows(List<String> flows) {
        for (String flow : flows) {
            for (TokenKind kind : TokenKind.values()) {
                issued.initLabelValues(flow, kind.label());
            }
        }
    }

    /** Exposes relying parties with the count 0, as {@link #flows}. */
    public void relyingParties(List<String> names) {
        names.forEach(ofRelyingParties::initLabelValues);
    }

    /**
     * Counts a token.
     *
     * @param relyingParty its name in the policy, or what stands for one without
     */
    public void issued(String flow, TokenKind kind, String relyingParty) {
        issued.labelValues(flow, kind.label()).inc();
        ofRelyingParties.labelValues(relyingParty).inc();
    }

    public void refused(Refusal refusal) {
        refused.labelValues(refusal.error().code(), refusal.reason().code()).inc();
    }

    /** Notes how long the certificate of a client that got a token will be valid. */
    public void clientCertificate(Duration remaining) {
        clientCertificates.observe((double) remaining.toSeconds());
    }

    /**
     * Counts an answer to a client.
     *
     * @param endpoint one of the known paths, or one word for all others
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

    /** Counts a refusal that does not count in the limit of its certificate, as there are too many certificates. */
    public void refusalNotCounted() {
        refusalsNotCounted.inc();
    }

    void auditLineDropped(AuditDrop reason) {
        auditLinesDropped.labelValues(reason.label()).inc();
    }

    public void handshake(HandshakeOutcome outcome) {
        handshakes.labelValues(outcome.label()).inc();
    }

    public ConnectionMetrics connections(String port) {
        return new ConnectionMetrics(connectionsClosed, port);
    }

    /** Returns the metrics of one kind of call to a Google API. */
    public GoogleMetrics google(String call) {
        return new GoogleMetrics(call, googleRequests, googleRetries, googleInFlight, googleDuration);
    }

    /**
     * What counts the answers of other servers that were refused for one reason.
     *
     * @param reason one of a few words
     */
    public Runnable answersRefused(String reason) {
        return answersRefused.labelValues(reason)::inc;
    }
}
