package dev.tokenservice.signing;

import static dev.tokenservice.signing.TestRing.key;
import static dev.tokenservice.signing.TestRing.minute;
import static dev.tokenservice.signing.TestRing.plain;
import static dev.tokenservice.signing.TestRing.revoked;
import static dev.tokenservice.signing.TestRing.ring;
import static dev.tokenservice.signing.TestRing.seen;
import static dev.tokenservice.signing.TestRing.states;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which key signs and which are published, by their metadata and the time. */
class KeyTimelineTest {

    private static final int DAY = 24 * 60;

    @Test
    void states_ofARotation_followTheTime() {
        KeyRing ring = ring(key(0, 0, 100), key(1, 100), key(2));

        assertThat(states(ring, -6)).isEqualTo("published published published");
        assertThat(states(ring, 0)).isEqualTo("active published published");
        assertThat(states(ring, 99)).isEqualTo("active published published");
        assertThat(states(ring, 100)).isEqualTo("retiring active published");
        assertThat(states(ring, 100 + 60 + DAY - 1)).isEqualTo("retiring active published");
        assertThat(states(ring, 100 + 60 + DAY)).isEqualTo("retired active published");
    }

    /** As after a revocation by somebody whose clock is ahead. */
    @Test
    void states_nothingElseMaySign_clockMayBeFiveMinutesBehind() {
        assertThat(states(ring(key(0, 0)), -5)).isEqualTo("active");
        assertThat(states(revoked(ring(key(0, 0), key(1, 100)), 0), 95)).isEqualTo("revoked active");
        assertThat(states(revoked(ring(key(0, 0), key(1, 100)), 0), 94)).isEqualTo("revoked published");
        assertThat(states(ring(key(0, 0), key(1, 100)), 99)).isEqualTo("active published");
    }

    @Test
    void states_withoutARetirement_followTheNextTurn() {
        KeyRing ring = ring(key(0, 0), key(1, 100));

        assertThat(states(ring, 99)).isEqualTo("active published");
        assertThat(states(ring, 100)).isEqualTo("retiring active");
        assertThat(states(ring, 100 + 60 + DAY)).isEqualTo("retired active");
    }

    @Test
    void states_withoutMetadata_areThoseOfTheFirstVersion() {
        assertThat(states(ring(plain(0), plain(1), plain(2)), 0)).isEqualTo("published published active");
        assertThat(states(revoked(ring(plain(0), plain(1), plain(2)), 2), 0)).isEqualTo("published active revoked");
        assertThat(states(revoked(ring(plain(0)), 0), 0)).isEqualTo("revoked");
    }

    @Test
    void states_withoutMetadataSeenLater_signAfterTheCacheTimeOfTheKeys() {
        KeyRing ring = ring(plain(0), seen(100, plain(1)));

        assertThat(states(ring, 100)).isEqualTo("active published");
        assertThat(states(ring, 104)).isEqualTo("active published");
        assertThat(states(ring, 105)).isEqualTo("published active");
        assertThat(states(revoked(ring, 0), 100)).isEqualTo("revoked active");
        assertThat(states(ring(seen(100, plain(0)), seen(101, plain(1))), 101)).isEqualTo("published active");
    }

    @Test
    void states_ofAMixedFolder_keysWithMetadataWinOnceOneHasItsTurn() {
        assertThat(states(ring(key(0, 0), plain(1)), 0)).isEqualTo("active published");
        assertThat(states(ring(key(0, 10), plain(1)), 0)).isEqualTo("published active");
        assertThat(states(ring(key(0), plain(1)), 0)).isEqualTo("published active");
        assertThat(states(revoked(ring(key(0, 0), plain(1)), 0), 0)).isEqualTo("revoked published");
    }

    @Test
    void states_ofTwoAlgorithms_areThoseOfTwoRings() {
        KeyRing ring = ring(key(0, 0), key(1, 5), TestRing.rsa());

        assertThat(states(ring, 10)).isEqualTo("retiring active active");
        assertThat(ring.at(minute(10), TestRing.PERIODS).active("RS256")).contains(TestRing.rsa());
    }

    @Test
    void states_afterARevocation_noKeyThatHadItsTurnSignsAgain() {
        KeyRing ring = ring(key(0, 0, 100), key(1, 100), key(2));

        assertThat(states(revoked(ring, 1), 110)).isEqualTo("retiring revoked published");
        assertThat(states(revoked(ring(key(0, 0, 100), key(1, 100), key(2, 110)), 1), 110))
                .isEqualTo("retiring revoked active");
    }

    @Test
    void states_revokedBeforeItsTurn_theKeyBeforeItSignsOn() {
        assertThat(states(revoked(ring(key(0, 0), key(1, 100)), 1), 200)).isEqualTo("active revoked");
    }

    @Test
    void states_seenAfterItsActivation_signsAfterTheCacheTimeOfTheKeys() {
        KeyRing ring = ring(key(0, 0, 100), seen(101, key(1, 100)));

        assertThat(states(ring, 101)).isEqualTo("active published");
        assertThat(states(ring, 105)).isEqualTo("active published");
        assertThat(states(ring, 106)).isEqualTo("retiring active");
    }

    @Test
    void states_seenAfterItsActivationWithNothingElseToSignWith_signsAtOnce() {
        assertThat(states(ring(seen(101, key(1, 100))), 101)).isEqualTo("active");
        assertThat(states(revoked(ring(key(0, 0, 100), seen(101, key(1, 100))), 0), 101))
                .isEqualTo("revoked active");
        assertThat(states(ring(key(0, 0, 10), seen(DAY, key(1, DAY - 1))), DAY)).isEqualTo("retiring active");
    }

    @Test
    void states_seenBeforeItsActivation_signsInTime() {
        assertThat(states(ring(key(0, 0, 100), seen(99, key(1, 100))), 100)).isEqualTo("retiring active");
    }

    @Test
    void states_retiredWithoutASuccessor_signsOnUntilHalfOfTheCacheTime() {
        KeyRing ring = ring(key(0, 0, 100), key(1));

        assertThat(states(ring, 100)).isEqualTo("active published");
        assertThat(states(ring, 100 + DAY / 2 - 1)).isEqualTo("active published");
        assertThat(states(ring, 100 + DAY / 2)).isEqualTo("retiring published");
    }

    @Test
    void view_untilItsNextChange_isTheSame() {
        KeyRing ring = ring(key(0, 0, 100), seen(101, key(1, 100)), key(2, 3000));
        for (long minute = -10; minute < 6000; minute++) {
            RingView view = ring.at(minute(minute), TestRing.PERIODS);
            Instant last = view.until().isBefore(minute(7000)) ? view.until().minusNanos(1) : minute(7000);

            assertThat(ring.at(last, TestRing.PERIODS).keys()).isEqualTo(view.keys());
        }
    }

    @Test
    void next_ofEachState_isWhatIsDecided() {
        RingView view =
                ring(key(0, 0, 100), key(1, 100, 200), key(2, 200), key(3)).at(minute(150), TestRing.PERIODS);

        assertThat(view.keys().stream().map(KeyStatus::next).flatMap(Optional::stream))
                .isEqualTo(List.of(
                        new KeyStatus.Change(KeyState.RETIRED, minute(100 + 60 + DAY)),
                        new KeyStatus.Change(KeyState.RETIRING, minute(200)),
                        new KeyStatus.Change(KeyState.ACTIVE, minute(200))));
        assertThat(view.next("ES256")).contains(new KeyStatus.Change(KeyState.RETIRING, minute(200)));
    }
}
