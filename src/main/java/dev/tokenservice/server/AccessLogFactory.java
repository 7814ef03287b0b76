package dev.tokenservice.server;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.tokenservice.telemetry.ServiceMetrics;
import io.dropwizard.request.logging.RequestLogFactory;
import org.eclipse.jetty.server.RequestLog;

/** Puts the request log in the same stream and form as everything else. */
@JsonTypeName("token-service")
final class AccessLogFactory implements RequestLogFactory<RequestLog> {

    private final ServiceMetrics metrics;

    AccessLogFactory(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean isEnabled() {
        return true;
    }

    @Override
    public RequestLog build(String name) {
        return new AccessLog(metrics);
    }
}
