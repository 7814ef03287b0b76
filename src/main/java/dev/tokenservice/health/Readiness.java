package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.health.DefaultHealthFactory;
import io.dropwizard.health.HealthCheckConfiguration;
import io.dropwizard.health.HealthCheckType;
import io.dropwizard.health.HealthStatusChecker;
import io.dropwizard.health.Schedule;
import io.dropwizard.util.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The health checks and the probes of the platform. Readiness follows the critical checks, and liveness follows none. At
 * shutdown the service is first not ready.
 */
public final class Readiness {

    /** Checks only read what is known, so that they can be asked often. */
    private static final Duration INTERVAL = Duration.seconds(1);

    /** Time for the load balancer to notice, before connections are closed; with the server's own it stays under 10 s. */
    private static final Duration NOTICE_OF_STOP = Duration.seconds(1);

    private final Map<String, HealthCheck> checks = new LinkedHashMap<>();
    private final List<HealthCheckConfiguration> critical = new ArrayList<>();
    private volatile HealthStatusChecker probed = type -> false;

    /** Adds a check that does not affect readiness. */
    public void add(String name, HealthSource source) {
        checks.put(name, new SourceHealthCheck(source));
    }

    /**
     * Adds a check that readiness follows.
     *
     * @param healthyAtStart whether it counts as passed until it was made
     */
    public void addCritical(String name, HealthSource source, boolean healthyAtStart) {
        add(name, source);
        Schedule schedule = new Schedule();
        schedule.setInitialDelay(Duration.milliseconds(1));
        schedule.setCheckInterval(INTERVAL);
        schedule.setDowntimeInterval(INTERVAL);
        schedule.setFailureAttempts(1);
        schedule.setSuccessAttempts(1);
        HealthCheckConfiguration configuration = new HealthCheckConfiguration();
        configuration.setName(name);
        configuration.setType(HealthCheckType.READY);
        configuration.setCritical(true);
        configuration.setInitialState(healthyAtStart);
        configuration.setSchedule(schedule);
        critical.add(configuration);
    }

    /** Registers all checks with the server. */
    public void configure(Environment environment) {
        DefaultHealthFactory probes = new DefaultHealthFactory();
        probes.setHealthCheckConfigurations(critical);
        probes.setInitialOverallState(critical.stream().allMatch(HealthCheckConfiguration::isInitialState));
        probes.setDelayedShutdownHandlerEnabled(true);
        probes.setShutdownWaitPeriod(NOTICE_OF_STOP);
        probes.setHealthResponseProviderFactory((checker, states, mapper) -> {
            probed = checker;
            return new ProbeAnswer(checker);
        });
        probes.configure(
                environment.lifecycle(),
                environment.servlets(),
                environment.jersey(),
                environment.health(),
                environment.getObjectMapper(),
                environment.getName());
        checks.forEach(environment.healthChecks()::register);
    }

    /** Returns what the readiness probe is answered at this moment; false before {@link #configure}. Thread-safe. */
    public boolean isReady() {
        return probed.isHealthy(ProbeAnswer.READY);
    }
}
