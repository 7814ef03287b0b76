package dev.tokenservice.signing;

import java.time.Duration;

/**
 * The periods from which the states of keys follow, together with the times in their metadata.
 *
 * @param tokenValidity the longest lifetime of a token
 * @param cacheTime how long a relying party caches the published keys ({@code KEY_CACHE_TIME})
 * @param publishLead how long a key is published before a rotation without {@code --every} activates it ({@code
 *     KEY_PUBLISH_LEAD})
 */
record KeyPeriods(Duration tokenValidity, Duration cacheTime, Duration publishLead) {

    /** Returns how long a key stays published after its last signature. */
    Duration retiring() {
        return tokenValidity.plus(cacheTime);
    }

    /**
     * Returns how long a key must be published before it signs. After this time, no cache of the keys lacks it, also if its
     * file reached a replica late.
     */
    Duration shortestLead() {
        return cacheTime.plus(grace());
    }

    /**
     * Returns how long a key may sign after its retirement time if its successor is missing. Its tokens still expire before
     * it is no longer published.
     */
    Duration grace() {
        return cacheTime.dividedBy(2);
    }
}
