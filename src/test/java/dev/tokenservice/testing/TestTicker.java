package dev.tokenservice.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Nanoseconds that pass only when a test lets them. */
public final class TestTicker implements LongSupplier {

    private final AtomicLong now = new AtomicLong();

    /** Lets this time pass. */
    public void advance(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    @Override
    public long getAsLong() {
        return now.get();
    }
}
