package dev.tokenservice.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real time, moved by as much as a test says. */
public final class TestClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;

    /** Moves this clock; {@link Duration#ZERO} sets it right again. */
    public void ahead(Duration duration) {
        ahead = duration;
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
