package dev.tokenservice.telemetry;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.instrumentation.dropwizard5.labels.CustomLabelMapper;
import io.prometheus.metrics.instrumentation.dropwizard5.labels.MapperConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;

/** Shows Dropwizard's metrics in Prometheus' text format, the varying parts of a name as labels. */
public final class Prometheus {

    private Prometheus() {}

    /** A servlet for the admin port. */
    public static PrometheusMetricsServlet servlet(MetricRegistry metrics) {
        PrometheusRegistry registry = new PrometheusRegistry();
        DropwizardExports.builder()
                .dropwizardRegistry(metrics)
                .customLabelMapper(new CustomLabelMapper(List.of(
                        new MapperConfig(
                                TokenMetrics.ISSUED + ".*.*",
                                "token_service_tokens_issued",
                                Map.of("flow", "${0}", "kind", "${1}")),
                        new MapperConfig(
                                TokenMetrics.REFUSED + ".*", "token_service_tokens_refused", Map.of("error", "${0}")))))
                .register(registry);
        return new PrometheusMetricsServlet(registry);
    }
}
