package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck.Result;

/** Reports the health of a part. Probes call it often, so it must answer from known state. */
@FunctionalInterface
public interface HealthSource {

    /** Returns the current health. Safe for use by many threads. */
    Result look();
}
