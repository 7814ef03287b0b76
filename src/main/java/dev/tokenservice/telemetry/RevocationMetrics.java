package dev.tokenservice.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The metrics of fetched revocation lists. The labels are names in the policy, and not what a client chooses. */
public final class RevocationMetrics {

    private static final double MILLISECONDS_PER_SECOND = 1e3;

    private final Counter fetches;

    /**
     * The lists of one authority.
     *
     * @param age the time since the one was confirmed that was not for longest; empty if there is none
     * @param maxAge when a list is out of date
     * @param byState how many there are in each state
     */
    public record Lists(String authority, Optional<Duration> age, Duration maxAge, Map<String, Long> byState) {}

    /**
     * Shows what there is at the moment of a scrape.
     *
     * @param content the hash of what was fetched
     */
    RevocationMetrics(PrometheusRegistry registry, Supplier<List<Lists>> lists, Supplier<Optional<String>> content) {
        fetches = Counter.builder()
                .name("token_service_revocation_list_fetches_total")
                .help("Attempts to fetch a revocation list.")
                .labelNames("authority", "outcome")
                .register(registry);
        gauge("token_service_revocation_lists", "Fetched revocation lists, by state.", "authority", "state")
                .callback(callback -> lists.get()
                        .forEach(of ->
                                of.byState().forEach((state, number) -> callback.call(number, of.authority(), state))))
                .register(registry);
        gauge(
                        "token_service_revocation_list_age_seconds",
                        "Seconds since the oldest list of an authority was fetched or found " + "unchanged.",
                        "authority")
                .callback(callback -> lists.get()
                        .forEach(of -> of.age().ifPresent(age -> callback.call(seconds(age), of.authority()))))
                .register(registry);
        gauge(
                        "token_service_revocation_list_max_age_seconds",
                        "Age in seconds at which a fetched revocation list is out of date (maxStaleness).",
                        "authority")
                .callback(callback -> lists.get().forEach(of -> callback.call(seconds(of.maxAge()), of.authority())))
                .register(registry);
        gauge("token_service_policy_content", "Hash of the lists fetched for the policy in force; always 1.", "content")
                .callback(callback -> content.get().ifPresent(hash -> callback.call(1, hash)))
                .register(registry);
    }

    private static GaugeWithCallback.Builder gauge(String name, String help, String... labels) {
        return GaugeWithCallback.builder().name(name).help(help).labelNames(labels);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLISECONDS_PER_SECOND;
    }

    /** Shows that nothing was counted yet: a rate needs a number to start from. */
    public void expect(String authority, String outcome) {
        fetches.initLabelValues(authority, outcome);
    }

    /**
     * Counts an attempt.
     *
     * @param outcome one of a few words
     */
    public void fetched(String authority, String outcome) {
        fetches.labelValues(authority, outcome).inc();
    }
}
