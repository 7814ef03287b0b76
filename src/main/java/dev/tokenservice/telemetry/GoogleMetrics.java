package dev.tokenservice.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.datapoints.Timer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The metrics of one kind of call to a Google API. */
public final class GoogleMetrics {

    /** A call in flight. */
    public interface Running extends AutoCloseable {

        /** Ends the call, whatever its outcome. */
        @Override
        void close();
    }

    private final Map<GoogleOutcome, CounterDataPoint> outcomes = new EnumMap<>(GoogleOutcome.class);
    private final CounterDataPoint retries;
    private final GaugeDataPoint inFlight;
    private final DistributionDataPoint duration;

    GoogleMetrics(String call, Counter requests, Counter retries, Gauge inFlight, Histogram duration) {
        for (GoogleOutcome outcome : GoogleOutcome.values()) {
            outcomes.put(outcome, requests.labelValues(call, outcome.label()));
        }
        this.retries = retries.labelValues(call);
        this.inFlight = inFlight.labelValues(call);
        this.duration = duration.labelValues(call);
    }

    /** A call begins; its retries belong to it. */
    public Running started() {
        inFlight.inc();
        Timer timer = duration.startTimer();
        return () -> {
            timer.observeDuration();
            inFlight.dec();
        };
    }

    /** A call has ended, or could not begin. */
    public void count(GoogleOutcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).inc();
    }

    public void retried() {
        retries.inc();
    }
}
