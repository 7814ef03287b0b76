package dev.tokenservice.google;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What is counted of one kind of call: {@code google.<call>.requests.<outcome>}, {@code google.<call>.retries}, {@code
 * google.<call>.in_flight} and the timer {@code google.<call>.latency}, which spans the retries.
 */
final class GoogleMetrics {

    /** How a call ended. */
    enum Outcome {
        OK("ok"),
        REFUSED("refused"),
        RATE_LIMITED("rate_limited"),
        UNAVAILABLE("unavailable"),
        BUSY("busy");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }
    }

    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Counter retries;
    private final Counter inFlight;
    private final Timer latency;

    GoogleMetrics(String call, MetricRegistry registry) {
        String prefix = MetricRegistry.name("google", call);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, registry.counter(MetricRegistry.name(prefix, "requests", outcome.label)));
        }
        retries = registry.counter(MetricRegistry.name(prefix, "retries"));
        inFlight = registry.counter(MetricRegistry.name(prefix, "in_flight"));
        latency = registry.timer(MetricRegistry.name(prefix, "latency"));
    }

    Timer.Context started() {
        inFlight.inc();
        return latency.time();
    }

    void ended(Timer.Context context) {
        context.stop();
        inFlight.dec();
    }

    void count(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).inc();
    }

    void retried() {
        retries.inc();
    }
}
