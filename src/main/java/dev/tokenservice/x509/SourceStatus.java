package dev.tokenservice.x509;

import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How it stands with the revocation list of one URL, for operators.
 *
 * @param problem why the last attempt to fetch it failed, to be read after the URL; empty if it did not fail
 * @param remedy what to do about that
 * @param list the list in force; empty if there is none
 * @param tolerated whether it counts though it is out of date
 */
public record SourceStatus(
        URI url,
        SourceState state,
        Optional<String> problem,
        Optional<String> remedy,
        Optional<ListInForce> list,
        boolean tolerated) {

    /** Returns whether an operator should look at it. */
    public boolean isUnsound() {
        return state != SourceState.CURRENT || problem.isPresent();
    }

    /** Returns whether clients are refused for it. */
    public boolean isRefusing() {
        return state == SourceState.MISSING || (state == SourceState.STALE && !tolerated);
    }

    /** In one line. */
    @Override
    public String toString() {
        return url
                + problem.map(reason -> " " + reason + ": " + remedy.orElse("") + "; ")
                        .orElse(": ")
                + consequence();
    }

    private String consequence() {
        if (list.isEmpty()) {
            return "no list is in force, and clients that need it get 503";
        }
        String issued = "the list issued at " + list.get().issued();
        if (state == SourceState.CURRENT) {
            return issued + " is in force, and its next update is due at "
                    + list.get().nextUpdate();
        }
        return issued + " is out of date since " + list.get().staleFrom().truncatedTo(ChronoUnit.SECONDS) + ": "
                + (tolerated ? "the service still uses it, because onStale is warn" : "clients that need it get 503");
    }
}
