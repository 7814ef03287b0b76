package dev.tokenservice.telemetry;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The metrics of the local signing keys, by algorithm. */
record KeyMetrics(Supplier<List<KeyCounts>> keys) {

    void register(PrometheusRegistry registry) {
        StateMetrics.gauge("token_service_signing_keys", "Local signing keys in each state.")
                .labelNames("algorithm", "state")
                .callback(callback -> keys.get()
                        .forEach(of ->
                                of.byState().forEach((state, number) -> callback.call(number, of.algorithm(), state))))
                .register(registry);
        StateMetrics.gauge(
                        "token_service_signing_key_next_change_seconds",
                        "Seconds until the next planned change of a local signing key: it signs, retires, or is no longer "
                                + "published.")
                .labelNames("algorithm")
                .callback(callback -> keys.get()
                        .forEach(of -> of.untilNext()
                                .ifPresent(time -> callback.call(
                                        time.toMillis() / StateMetrics.MILLISECONDS_PER_SECOND, of.algorithm()))))
                .register(registry);
        registerAges(registry);
    }

    private void registerAges(PrometheusRegistry registry) {
        StateMetrics.gauge(
                        "token_service_signing_key_unconfirmed_seconds",
                        "Age of the oldest local key that signs, or is to sign, and is not confirmed for a relying party "
                                + "with keys: uploaded; 0 where there is none.")
                .labelNames("algorithm")
                .callback(callback -> keys.get()
                        .forEach(of -> callback.call(
                                of.unconfirmed().orElse(Duration.ZERO).toMillis()
                                        / StateMetrics.MILLISECONDS_PER_SECOND,
                                of.algorithm())))
                .register(registry);
        StateMetrics.gauge(
                        "token_service_signing_key_created_timestamp_seconds",
                        "Unix time at which the signing local key was created, or its file was last written.")
                .labelNames("algorithm")
                .callback(callback -> keys.get()
                        .forEach(of -> of.created()
                                .ifPresent(time -> callback.call(StateMetrics.seconds(time), of.algorithm()))))
                .register(registry);
    }
}
