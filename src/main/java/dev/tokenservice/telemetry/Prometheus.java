package dev.tokenservice.telemetry;

import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Shows Dropwizard's metrics in Prometheus' text format; those of tokens and of Google's calls with labels. */
public final class Prometheus {

    private Prometheus() {}

    /** A servlet for the admin port. */
    public static PrometheusMetricsServlet servlet(MetricRegistry metrics) {
        PrometheusRegistry registry = new PrometheusRegistry();
        MetricFilter others = (name, metric) -> !LabelledMetrics.owns(name);
        DropwizardExports.builder()
                .dropwizardRegistry(metrics)
                .metricFilter(others)
                .register(registry);
        registry.register(new LabelledMetrics(metrics));
        return new PrometheusMetricsServlet(registry);
    }
}
