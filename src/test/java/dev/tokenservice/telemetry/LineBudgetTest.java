package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LineBudgetTest {

    private static final class SetClock extends Clock {

        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
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

    private final SetClock clock = new SetClock();
    private final LineBudget budget = new LineBudget(clock);

    private int taken(int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += budget.take().isPresent() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void take_tenInASecond_areAllowed() {
        assertThat(taken(10)).isEqualTo(10);
        clock.now = clock.now.plusMillis(999);
        assertThat(taken(5)).isZero();
    }

    @Test
    void take_nextSecond_tellsHowManyWereLeftOut() {
        taken(17);
        clock.now = clock.now.plusSeconds(1);

        assertThat(budget.take()).hasValue(7);
        assertThat(budget.take()).hasValue(0);
    }

    @Test
    void take_clockSetBack_isAllowed() {
        taken(11);
        clock.now = clock.now.minus(Duration.ofHours(1));

        assertThat(budget.take()).hasValue(1);
    }
}
