package dev.tokenservice.telemetry;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metrics of which a part of the name is a label to Prometheus. The library's own exporter makes a metric of its own of
 * each, and then refuses two of one name.
 */
final class LabelledMetrics implements MultiCollector {

    private static final Pattern OWN = Pattern.compile("(tokens|google)\\..*");
    private static final Pattern ISSUED = Pattern.compile("tokens\\.issued\\.(.+)\\.([^.]+)");
    private static final Pattern REFUSED = Pattern.compile("tokens\\.refused\\.(.+)");
    private static final Pattern REQUESTS = Pattern.compile("google\\.([^.]+)\\.requests\\.([^.]+)");
    private static final Pattern RETRIES = Pattern.compile("google\\.([^.]+)\\.retries");
    private static final Pattern IN_FLIGHT = Pattern.compile("google\\.([^.]+)\\.in_flight");
    private static final Pattern LATENCY = Pattern.compile("google\\.([^.]+)\\.latency");
    private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99);
    private static final double NANOSECONDS_PER_SECOND = 1e9;

    private final MetricRegistry metrics;

    LabelledMetrics(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    /** Whether a metric is shown by this class, and by no other. */
    static boolean owns(String name) {
        return OWN.matcher(name).matches();
    }

    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.builder()
                .metricSnapshot(counter("token_service_tokens_issued", "Answers with a token", ISSUED, "flow", "kind"))
                .metricSnapshot(counter("token_service_tokens_refused", "Answers without a token", REFUSED, "error"))
                .metricSnapshot(
                        counter("token_service_google_requests", "Calls of Google", REQUESTS, "call", "outcome"))
                .metricSnapshot(counter("token_service_google_retries", "Repeated calls of Google", RETRIES, "call"))
                .metricSnapshot(inFlight())
                .metricSnapshot(latency())
                .build();
    }

    private CounterSnapshot counter(String name, String help, Pattern pattern, String... labels) {
        CounterSnapshot.Builder snapshot = CounterSnapshot.builder().name(name).help(help);
        forEach(
                metrics.getCounters(),
                pattern,
                (matcher, counter) -> snapshot.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels(matcher, labels))
                        .value((double) counter.getCount())
                        .build()));
        return snapshot.build();
    }

    private GaugeSnapshot inFlight() {
        GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder()
                .name("token_service_google_requests_in_flight")
                .help("Calls of Google under way");
        forEach(
                metrics.getCounters(),
                IN_FLIGHT,
                (matcher, counter) -> snapshot.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(labels(matcher, "call"))
                        .value((double) counter.getCount())
                        .build()));
        return snapshot.build();
    }

    private SummarySnapshot latency() {
        SummarySnapshot.Builder snapshot = SummarySnapshot.builder()
                .name("token_service_google_request_duration_seconds")
                .help("Time that a call of Google takes, repetitions included");
        forEach(
                metrics.getTimers(),
                LATENCY,
                (matcher, timer) -> snapshot.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                        .labels(labels(matcher, "call"))
                        .count(timer.getCount())
                        .quantiles(quantiles(timer))
                        .build()));
        return snapshot.build();
    }

    private static Quantiles quantiles(Timer timer) {
        Snapshot values = timer.getSnapshot();
        return Quantiles.of(QUANTILES.stream()
                .map(quantile -> new Quantile(quantile, values.getValue(quantile) / NANOSECONDS_PER_SECOND))
                .toArray(Quantile[]::new));
    }

    private static <T> void forEach(Map<String, T> found, Pattern pattern, BiConsumer<Matcher, T> action) {
        found.forEach((name, metric) -> {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                action.accept(matcher, metric);
            }
        });
    }

    private static Labels labels(Matcher matcher, String... names) {
        return Labels.of(
                names,
                Stream.iterate(1, group -> group + 1)
                        .limit(names.length)
                        .map(matcher::group)
                        .toArray(String[]::new));
    }
}
