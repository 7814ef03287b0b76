package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck.Result;

/** Something that knows how it is. A probe asks it often, so that the answer comes from what is known already. */
@FunctionalInterface
public interface HealthSource {

    /** How it is at this moment. Safe for use by many threads. */
    Result look();
}
