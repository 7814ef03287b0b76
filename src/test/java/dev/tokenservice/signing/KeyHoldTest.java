package dev.tokenservice.signing;

import static dev.tokenservice.signing.TestRing.confirmed;
import static dev.tokenservice.signing.TestRing.key;
import static dev.tokenservice.signing.TestRing.minute;
import static dev.tokenservice.signing.TestRing.plain;
import static dev.tokenservice.signing.TestRing.revoked;
import static dev.tokenservice.signing.TestRing.ring;
import static dev.tokenservice.signing.TestRing.seen;
import static dev.tokenservice.signing.TestRing.states;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which key signs where relying parties have to be confirmed to hold it. */
class KeyHoldTest {

    private static final int DAY = 24 * 60;
    private static final int YEAR = 365 * DAY;

    private static final UploadedParties GOOGLE = UploadedParties.of(Map.of("google", "ES256"));
    private static final UploadedParties BOTH = UploadedParties.of(Map.of("google", "ES256", "vault", "ES256"));
    private static final UploadedParties OTHER = UploadedParties.of(Map.of("google", "RS256"));

    @Test
    void activation_thatTheClockBrings_waitsForTheConfirmation() {
        KeyRing ring = ring(key(0, 0), key(1, 100));

        assertThat(states(ring, 100)).isEqualTo("retiring active");
        assertThat(states(ring, 100, OTHER)).isEqualTo("retiring active");
        assertThat(states(ring, 100, GOOGLE)).isEqualTo("active published");
        assertThat(states(ring, YEAR, GOOGLE)).isEqualTo("active published");
    }

    @Test
    void activation_confirmedBefore_comesInTime() {
        KeyRing ring = ring(key(0, 0), confirmed("google", 50, key(1, 100)));

        assertThat(states(ring, 99, GOOGLE)).isEqualTo("active published");
        assertThat(states(ring, 100, GOOGLE)).isEqualTo("retiring active");
    }

    /** The key before it has signed until then: it retires from then on, and not from the activation on. */
    @Test
    void activation_confirmedLater_comesWithTheConfirmation() {
        KeyRing ring = ring(key(0, 0), confirmed("google", YEAR, key(1, 100)));

        assertThat(states(ring, YEAR - 1, GOOGLE)).isEqualTo("active published");
        assertThat(states(ring, YEAR, GOOGLE)).isEqualTo("retiring active");
        assertThat(states(ring, YEAR + 60 + DAY - 1, GOOGLE)).isEqualTo("retiring active");
        assertThat(states(ring, YEAR + 60 + DAY, GOOGLE)).isEqualTo("retired active");
    }

    @Test
    void activation_ofSeveralRelyingParties_waitsForTheLast() {
        RingKey next = confirmed("google", 50, key(1, 100));

        assertThat(states(ring(key(0, 0), next), 500, BOTH)).isEqualTo("active published");
        KeyRing confirmed = ring(key(0, 0), confirmed("vault", 600, next));
        assertThat(states(confirmed, 599, BOTH)).isEqualTo("active published");
        assertThat(states(confirmed, 600, BOTH)).isEqualTo("retiring active");
    }

    /** A command that does not know the policy: the key before has to be published for as long as it signs. */
    @Test
    void activation_withTheRetirementNoted_waitsForHalfOfTheCacheTime() {
        KeyRing ring = ring(key(0, 0, 100), key(1, 100));

        assertThat(states(ring, 100 + DAY / 2 - 1, GOOGLE)).isEqualTo("active published");
        assertThat(states(ring, 100 + DAY / 2, GOOGLE)).isEqualTo("retiring active");
        assertThat(ring.at(minute(200), TestRing.PERIODS, GOOGLE).until()).isEqualTo(minute(100 + DAY / 2));
    }

    @Test
    void firstKey_andAKeyThatSignsForLong_signUnconfirmed() {
        assertThat(states(ring(key(0, 0), key(1)), 10, GOOGLE)).isEqualTo("active published");
        assertThat(states(ring(key(0, 0, 100), key(1, 100), key(2)), YEAR, GOOGLE))
                .isEqualTo("retired active published");
        assertThat(states(ring(plain(0)), 10, GOOGLE)).isEqualTo("active");
    }

    @Test
    void revocation_ofTheKeyThatSigns_hasAnotherSignUnconfirmed() {
        KeyRing ring = ring(key(0, 0), key(1, 100));
        KeyRing withOld = ring(key(0, -DAY, 50), confirmed("google", 0, key(1, 50)), key(2, 100));

        assertThat(states(revoked(ring, 0), 100, GOOGLE)).isEqualTo("revoked active");
        assertThat(states(revoked(withOld, 1), 100, GOOGLE)).isEqualTo("retiring revoked active");
    }

    @Test
    void revocation_ofTheKeyThatWaits_keepsTheNextOneWaiting() {
        KeyRing ring = ring(key(0, 0), key(1, 100), key(2, 200));

        assertThat(states(revoked(ring, 1), 300, GOOGLE)).isEqualTo("active revoked published");
        assertThat(states(revoked(ring, 0, 1), 300, GOOGLE)).isEqualTo("revoked revoked active");
    }

    @Test
    void keyAfterOneThatWaits_confirmed_isNextToSign() {
        KeyRing ring = ring(key(0, 0), key(1, 100), confirmed("google", 150, key(2, 200)));

        assertThat(states(ring, 199, GOOGLE)).isEqualTo("active published published");
        assertThat(states(ring, 200, GOOGLE)).startsWith("retiring ").endsWith(" active");
    }

    @Test
    void lateKey_seenAfterItsConfirmation_waitsForCachesToo() {
        KeyRing ring = ring(key(0, 0), seen(700, confirmed("google", 600, key(1, 100))));

        assertThat(states(ring, 704, GOOGLE)).isEqualTo("active published");
        assertThat(states(ring, 705, GOOGLE)).isEqualTo("retiring active");
    }

    /** Clocks differ, and a key that waits must not be the only one whose time has nearly come. */
    @Test
    void clockThatIsBehind_nothingSignsYet_theKeyThatWaitsDoesNot() {
        KeyRing ring = ring(key(0, 3), key(1, 4));

        assertThat(states(ring, 0, GOOGLE)).isEqualTo("active published");
    }

    @Test
    void view_saysWhatIsNotConfirmed() {
        RingView view = ring(confirmed("google", 0, key(0, 0)), key(1)).at(minute(10), TestRing.PERIODS, BOTH);

        assertThat(view.keys().get(0).unconfirmed()).containsExactly("vault");
        assertThat(view.keys().get(1).unconfirmed()).containsExactlyInAnyOrder("google", "vault");
        assertThat(view.unconfirmedFor("google"))
                .isEqualTo(List.of(view.keys().get(1).key().id()));
        assertThat(view.unconfirmedSince("ES256")).contains(TestRing.START);
        assertThat(view.unconfirmedSince("RS256")).isEmpty();
    }
}
