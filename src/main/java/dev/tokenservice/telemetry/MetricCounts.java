package dev.tokenservice.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics as a flat list of names, labels and numbers. */
final class MetricCounts {

    private MetricCounts() {}

    /** Counters and gauges with their values, histograms with the number of what they saw. */
    static Map<String, Double> of(MetricSnapshots snapshots) {
        Map<String, Double> counts = new TreeMap<>();
        for (MetricSnapshot metric : snapshots) {
            for (DataPointSnapshot point : metric.getDataPoints()) {
                if (point instanceof CounterSnapshot.CounterDataPointSnapshot counter) {
                    counts.put(name(metric, "_total", point), counter.getValue());
                } else if (point instanceof GaugeSnapshot.GaugeDataPointSnapshot gauge) {
                    counts.put(name(metric, "", point), gauge.getValue());
                } else if (point instanceof HistogramSnapshot.HistogramDataPointSnapshot histogram) {
                    counts.put(name(metric, "_count", point), (double) histogram.getCount());
                }
            }
        }
        return counts;
    }

    private static String name(MetricSnapshot metric, String suffix, DataPointSnapshot point) {
        String labels = point.getLabels().stream().map(MetricCounts::text).collect(Collectors.joining(",", "{", "}"));
        return metric.getMetadata().getPrometheusName() + suffix + (labels.equals("{}") ? "" : labels);
    }

    private static String text(Label label) {
        return label.getName() + "=" + label.getValue();
    }
}
