package dev.tokenservice.signing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys of one algorithm wait for confirmations at one moment. A key whose activation has come waits while a relying party
 * with uploaded keys was not confirmed to hold it, and while the key before it can still sign. That one can sign without an end
 * where its retirement was not noted; else for as long as for a successor that has not come, as other processes may publish it no
 * longer. Nothing waits for a key that is revoked.
 */
final class KeyHold {

    private final List<RingKey> turns;
    private final Set<String> revoked;
    private final KeyPeriods periods;
    private final UploadedParties uploaded;
    private final Instant now;

    /**
     * Takes the keys that activate some time.
     *
     * @param turns in the order in which they activate
     */
    KeyHold(List<RingKey> turns, Set<String> revoked, KeyPeriods periods, UploadedParties uploaded, Instant now) {
        this.turns = turns;
        this.revoked = revoked;
        this.periods = periods;
        this.uploaded = uploaded;
        this.now = now;
    }

    /**
     * From when on a key may sign, as far as confirmations say.
     *
     * @return {@link Instant#MIN} where none is needed, and {@link Instant#MAX} where one is missing
     */
    Instant endOf(RingKey key) {
        List<String> parties = uploaded.of(key.algorithm());
        if (parties.isEmpty() || !canSignBefore(turns.indexOf(key))) {
            return Instant.MIN;
        }
        return parties.stream()
                .map(name -> Optional.ofNullable(key.confirmed().get(name)).orElse(Instant.MAX))
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    /** Whether the turn before a turn can go on. Revoked keys that never signed are passed over. */
    private boolean canSignBefore(int turn) {
        if (turn <= 0) {
            return false;
        }
        RingKey before = turns.get(turn - 1);
        if (revoked.contains(before.id())) {
            return endOf(before).equals(Instant.MAX) && canSignBefore(turn - 1);
        }
        return before.metadata()
                .flatMap(KeyMetadata::retires)
                .filter(end -> !now.isBefore(end.plus(periods.grace())))
                .isEmpty();
    }
}
