package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private static final RateLimit THREE_A_MINUTE = new RateLimit(3, Duration.ofMinutes(1));

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    @Test
    void bucket_givesItsTokensAndFillsAgain() {
        RateLimits limits = new RateLimits(nanoTime::get);

        for (int i = 0; i < 3; i++) {
            assertThat(limits.take("rule", "client", THREE_A_MINUTE)).isEmpty();
        }
        assertThat(limits.take("rule", "client", THREE_A_MINUTE))
                .contains(new RateLimits.Excess(Duration.ofSeconds(20), false));
        assertThat(limits.take("rule", "other", THREE_A_MINUTE)).isEmpty();
        assertThat(limits.take("other", "client", THREE_A_MINUTE)).isEmpty();

        pass(Duration.ofSeconds(20));
        assertThat(limits.take("rule", "client", THREE_A_MINUTE)).isEmpty();
        assertThat(limits.take("rule", "client", THREE_A_MINUTE)).isPresent();

        pass(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            assertThat(limits.take("rule", "client", THREE_A_MINUTE)).isEmpty();
        }
        assertThat(limits.take("rule", "client", THREE_A_MINUTE)).isPresent();
    }

    /** Nobody has a bucket forgotten by filling the room for buckets. */
    @Test
    void bucket_isDroppedOnlyOnceItIsFull() {
        RateLimits limits = new RateLimits(nanoTime::get, 2);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.take("rule", "first", THREE_A_MINUTE)).isEmpty();
        }
        assertThat(limits.take("rule", "second", THREE_A_MINUTE)).isEmpty();

        assertThat(limits.take("rule", "third", THREE_A_MINUTE).map(RateLimits.Excess::noRoom))
                .contains(true);
        assertThat(limits.take("rule", "first", THREE_A_MINUTE).map(RateLimits.Excess::noRoom))
                .contains(false);

        pass(Duration.ofSeconds(21));
        assertThat(limits.take("rule", "third", THREE_A_MINUTE)).isEmpty();
        assertThat(limits.size()).isEqualTo(2);
        assertThat(limits.take("rule", "first", THREE_A_MINUTE)).isEmpty();
        assertThat(limits.take("rule", "first", THREE_A_MINUTE)).isPresent();
    }

    @Test
    void limitThatIsLowered_holdsForTheBucketThatThereIs() {
        RateLimits limits = new RateLimits(nanoTime::get);
        assertThat(limits.take("rule", "client", new RateLimit(1, Duration.ofDays(1))))
                .isEmpty();

        Optional<RateLimits.Excess> excess = limits.take("rule", "client", new RateLimit(1, Duration.ofSeconds(2)));
        assertThat(excess).isPresent();
        assertThat(excess.get().retryAfter()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }
}
