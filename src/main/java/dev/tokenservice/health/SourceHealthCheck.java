package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck;

final class SourceHealthCheck extends HealthCheck {

    private final HealthSource source;

    SourceHealthCheck(HealthSource source) {
        this.source = source;
    }

    @Override
    protected Result check() {
        return source.look();
    }
}
