package dev.tokenservice.telemetry;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The metrics that are read at the moment of a scrape: open connections, busy threads, expiry times, ages, health. Safe for use
 * by many threads.
 */
public final class StateMetrics {

    static final double MILLISECONDS_PER_SECOND = 1e3;

    private final PrometheusRegistry registry;
    private final List<Port> ports = new CopyOnWriteArrayList<>();

    StateMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        portGauge("token_service_http_connections", "Open connections.", Port::connections);
        portGauge("token_service_http_connections_max", "Largest number of open connections.", Port::limit);
        portGauge("token_service_http_held_bytes", "Bytes of memory that incomplete requests hold.", Port::heldBytes);
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

    /** Shows how busy the threads are that answer requests. To be called once. */
    public void httpThreads(IntSupplier busy, IntSupplier most) {
        gauge("token_service_http_threads_busy", "Threads that are answering requests.")
                .callback(callback -> callback.call(busy.getAsInt()))
                .register(registry);
        gauge("token_service_http_threads_max", "Largest number of threads that answer requests.")
                .callback(callback -> callback.call(most.getAsInt()))
                .register(registry);
    }

    /**
     * Shows when files end that somebody must replace before. To be called once.
     *
     * @param ends by kind: {@code server_certificate}, {@code trust_anchor}, {@code intermediate}, {@code revocation_list}; of
     *     several of one kind the first that ends
     */
    public void expiries(Supplier<Map<String, Instant>> ends) {
        gauge(
                        "token_service_expiry_timestamp_seconds",
                        "Unix time at which the first certificate or revocation list of a kind expires.")
                .labelNames("kind")
                .callback(callback -> ends.get().forEach((kind, end) -> callback.call(seconds(end), kind)))
                .register(registry);
    }

    /** Shows of how many watched files the newest version is refused, and when they were looked at. To be called once. */
    public void watchedFiles(Supplier<List<String>> problems, Supplier<Optional<Duration>> age) {
        gauge(
                        "token_service_watched_files_refused",
                        "Watched files whose newest version was refused; the previous version stays in force.")
                .callback(callback -> callback.call(problems.get().size()))
                .register(registry);
        gauge("token_service_watched_files_age_seconds", "Seconds since the service last checked the watched files.")
                .callback(callback ->
                        age.get().ifPresent(since -> callback.call(since.toMillis() / MILLISECONDS_PER_SECOND)))
                .register(registry);
    }

    /**
     * Shows which policy is in force. To be called once.
     *
     * @param refusals of how many readings the result was refused
     * @param refused whether the newest version is refused now
     */
    public void policy(
            Supplier<String> generation, Supplier<Duration> age, LongSupplier refusals, BooleanSupplier refused) {
        gauge("token_service_policy_generation", "Generation of the policy in force; always 1.")
                .labelNames("generation")
                .callback(callback -> callback.call(1, generation.get()))
                .register(registry);
        gauge("token_service_policy_age_seconds", "Seconds since the policy in force was read.")
                .callback(callback -> callback.call(age.get().toMillis() / MILLISECONDS_PER_SECOND))
                .register(registry);
        gauge(
                        "token_service_policy_refused",
                        "1 if the newest version of the policy is refused and the previous version stays in force, else 0.")
                .callback(callback -> callback.call(asNumber(refused.getAsBoolean())))
                .register(registry);
        CounterWithCallback.builder()
                .name("token_service_policy_reload_failures")
                .help("Refused new versions of the policy; the previous version stayed in force.")
                .callback(callback -> callback.call((double) refusals.getAsLong()))
                .register(registry);
    }

    /** Shows the local keys, where the service has its own. To be called once. */
    public void signingKeys(Supplier<List<KeyCounts>> keys) {
        new KeyMetrics(keys).register(registry);
    }

    /**
     * Shows readiness and the result of each health check. To be called once.
     *
     * @param ready what the readiness probe is answered
     * @param checks run at each scrape: they must answer from what is known already, and their number must not grow
     */
    public void health(BooleanSupplier ready, HealthCheckRegistry checks) {
        gauge("token_service_ready", "1 if the readiness probe answers up, 0 if it answers down.")
                .callback(callback -> callback.call(asNumber(ready.getAsBoolean())))
                .register(registry);
        gauge("token_service_health_check", "1 if the health check passes, 0 if it fails.")
                .labelNames("check")
                .callback(callback -> checks.runHealthChecks()
                        .forEach((name, result) -> callback.call(asNumber(result.isHealthy()), name)))
                .register(registry);
    }

    /** Shows the fetched revocation lists, and the hash of their content. To be called once. */
    public RevocationMetrics revocationLists(
            Supplier<List<RevocationMetrics.Lists>> lists, Supplier<Optional<String>> content) {
        return new RevocationMetrics(registry, lists, content);
    }

    private static int asNumber(boolean value) {
        return value ? 1 : 0;
    }

    static double seconds(Instant time) {
        return time.toEpochMilli() / MILLISECONDS_PER_SECOND;
    }

    static GaugeWithCallback.Builder gauge(String name, String help) {
        return GaugeWithCallback.builder().name(name).help(help);
    }
}
