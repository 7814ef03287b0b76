package dev.tokenservice.policy;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The token buckets of all rules, one for each rule and client. A bucket is stored as the time at which it is full again, and
 * deleted only then. So no client can make the service forget a bucket. Thread-safe.
 */
public final class RateLimits {

    static final int MAX_BUCKETS = 1_000_000;

    private static final long SWEEP = Duration.ofSeconds(5).toNanos();

    private final int most;
    private final LongSupplier nanoTime;

    /** When each bucket is full again, in nanoseconds since the creation of this object. */
    private final Map<UUID, Long> full = new ConcurrentHashMap<>();

    private final long beginning;
    private final AtomicLong swept = new AtomicLong();

    /** Creates empty limits. {@code nanoTime} returns nanoseconds since any time. */
    public RateLimits(LongSupplier nanoTime) {
        this(nanoTime, MAX_BUCKETS);
    }

    RateLimits(LongSupplier nanoTime, int most) {
        this.nanoTime = nanoTime;
        this.most = most;
        this.beginning = nanoTime.getAsLong();
    }

    /**
     * The reason why a client gets no token.
     *
     * @param retryAfter the time until the next token
     * @param noRoom whether the number of buckets is at its limit
     */
    record Excess(Duration retryAfter, boolean noRoom) {}

    /** Removes a token from the bucket of a client; returns the reason if the bucket is empty. */
    Optional<Excess> take(String rule, String client, RateLimit limit) {
        long now = nanoTime.getAsLong() - beginning;
        long since = swept.get();
        if (now - since > SWEEP && swept.compareAndSet(since, now)) {
            sweep(now);
        }
        UUID key = key(rule, client);
        if (full.size() >= most && !full.containsKey(key)) {
            return Optional.of(new Excess(Duration.ofNanos(SWEEP), true));
        }
        long period = limit.per().toNanos();
        long one = Math.max(1, period / limit.tokens());
        AtomicLong wait = new AtomicLong();
        full.compute(key, (bucket, before) -> {
            long start = before == null ? now : Math.max(now, Math.min(before, now + period));
            wait.set(start + one - now - period);
            return wait.get() > 0 ? before : Long.valueOf(start + one);
        });
        return wait.get() > 0 ? Optional.of(new Excess(Duration.ofNanos(wait.get()), false)) : Optional.empty();
    }

    /** Returns a key of fixed size, also for long names. */
    private static UUID key(String rule, String client) {
        ByteBuffer hash = ByteBuffer.wrap(Hashing.sha256()
                .hashString(rule + '\n' + client, StandardCharsets.UTF_8)
                .asBytes());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private void sweep(long now) {
        full.values().removeIf(moment -> moment <= now);
    }

    /** Returns the number of buckets that are not full. */
    public int size() {
        return full.size();
    }
}
