package dev.tokenservice.signing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which keys of one algorithm wait for confirmations at one time. After its activation time, a key waits while a
 * relying party with uploaded keys is not confirmed to hold it, and its predecessor can still sign. A predecessor without a
 * retirement time can sign without limit. With one, it can sign for a grace period afterwards, because other processes may
 * then stop publishing it. No key waits for a revoked predecessor.
 */
final class KeyHold {

    private final List<RingKey> turns;
    private final Set<String> revoked;
    private final KeyPeriods periods;
    private final UploadedParties uploaded;
    private final Instant now;

    /**
     * Creates the decision for one time.
     *
     * @param turns the keys with an activation time, in this order
     */
    KeyHold(List<RingKey> turns, Set<String> revoked, KeyPeriods periods, UploadedParties uploaded, Instant now) {
        this.turns = turns;
        this.revoked = revoked;
        this.periods = periods;
        this.uploaded = uploaded;
        this.now = now;
    }

    /**
     * Returns the time from which confirmations allow a key to sign.
     *
     * @return {@link Instant#MIN} if no confirmation is needed, {@link Instant#MAX} if one is missing
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

    /** Returns whether the predecessor of a key can still sign. Skips revoked keys that never signed. */
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
