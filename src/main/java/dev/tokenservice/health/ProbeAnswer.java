package dev.tokenservice.health;

import io.dropwizard.health.HealthStatusChecker;
import io.dropwizard.health.response.HealthResponse;
import io.dropwizard.health.response.HealthResponseProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The answer to a probe: {@code up} or {@code down}, without the reason, because anyone can ask. Operators find it on
 * the admin port.
 */
final class ProbeAnswer implements HealthResponseProvider {

    static final String READY = "ready";
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HealthStatusChecker checker;

    ProbeAnswer(HealthStatusChecker checker) {
        this.checker = checker;
    }

    /** The type was checked before: it is absent, or one of the two known types. */
    @Override
    public HealthResponse healthResponse(Map<String, Collection<String>> query) {
        String type =
                query.getOrDefault("type", List.of(READY)).stream().findFirst().orElse(READY);
        boolean healthy = checker.isHealthy(type);
        return new HealthResponse(
                healthy,
                "{\"type\":\"%s\",\"status\":\"%s\"}".formatted(type, healthy ? "up" : "down"),
                "application/json",
                healthy ? OK : UNAVAILABLE);
    }
}
