package dev.tokenservice.signing;

import java.time.Duration;

/**
 * The times that the states of keys follow, beside those of their metadata.
 *
 * @param tokenValidity how long a token is valid at most
 * @param cacheTime for how long a relying party uses a copy of the published keys
 * @param publishLead how long a key is published before a rotation out of turn lets it sign
 */
record KeyPeriods(Duration tokenValidity, Duration cacheTime, Duration publishLead) {

    /** How long a key stays published after it signed last. */
    Duration retiring() {
        return tokenValidity.plus(cacheTime);
    }

    /**
     * How long a key must have been published before it signs: every copy of the keys that lacks it is out of use then, also one
     * of a replica that its file reached late.
     */
    Duration shortestLead() {
        return cacheTime.plus(grace());
    }

    /**
     * For how long a key signs on after it should have retired, where its successor is not there yet: its tokens have expired
     * when it is published no more.
     */
    Duration grace() {
        return cacheTime.dividedBy(2);
    }
}
