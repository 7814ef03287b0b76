package dev.tokenservice.x509;

import dev.tokenservice.outbound.Validators;
import java.net.URI;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A URL that a revocation list is fetched from, and what came of it. Safe for use by many threads. */
final class ListSource {

    /**
     * The last list that was taken.
     *
     * @param confirmed when it was fetched, or found unchanged
     */
    record Taken(X509CRL list, Instant confirmed, Validators validators) {

        HeldList asHeld(FetchSettings settings) {
            return new HeldList(list, settings.toleratesStale() ? Instant.MAX : staleFrom(settings), true);
        }

        Instant staleFrom(FetchSettings settings) {
            Instant unconfirmed = confirmed.plus(settings.maxStaleness());
            Instant end = HeldList.end(list);
            return end.isBefore(unconfirmed) ? end : unconfirmed;
        }
    }

    private final URI url;
    private @Nullable Taken taken;
    private @Nullable FetchException failure;
    private int failures;
    private boolean restored;
    private boolean busy;

    /** By the monotonic clock; null if it was never fetched, and is due. */
    private @Nullable Long due;

    ListSource(URI url) {
        this.url = url;
    }

    URI url() {
        return url;
    }

    synchronized Optional<Taken> taken() {
        return Optional.ofNullable(taken);
    }

    /** Why the last attempt failed; empty if it did not. */
    synchronized Optional<FetchException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns whether to look into the cache, which is done once. */
    synchronized boolean restores() {
        boolean first = !restored;
        restored = true;
        return first;
    }

    synchronized void take(Taken list) {
        taken = list;
    }

    /** Goes on where another one of the same URL was. */
    synchronized void follow(ListSource before, Taken list) {
        taken = list;
        restored = true;
        failure = before.failure().orElse(null);
        due = before.due();
    }

    private synchronized @Nullable Long due() {
        return due;
    }

    /** Returns whether a fetch is due and begins now. */
    synchronized boolean begin(long now) {
        if (busy || (due != null && now - due < 0)) {
            return false;
        }
        busy = true;
        return true;
    }

    /** Ends a fetch that did not begin: it is due again. */
    synchronized void postpone() {
        busy = false;
    }

    /** Ends a fetch, and returns how many have failed in a row. */
    synchronized int ended(@Nullable FetchException reason) {
        failure = reason;
        failures = reason == null ? 0 : failures + 1;
        return failures;
    }

    /** Says when the next fetch is due. */
    synchronized void due(long next) {
        due = next;
        busy = false;
    }

    /** How it stands with the list. */
    synchronized SourceStatus status(FetchSettings settings, Instant now) {
        Optional<ListInForce> list = taken().map(held -> new ListInForce(
                held.list().getThisUpdate().toInstant(),
                HeldList.end(held.list()),
                held.confirmed(),
                held.staleFrom(settings)));
        SourceState state = list.map(held -> now.isBefore(held.staleFrom()) ? SourceState.CURRENT : SourceState.STALE)
                .orElse(SourceState.MISSING);
        Optional<FetchException> reason = failure();
        return new SourceStatus(
                url,
                state,
                reason.map(FetchException::getMessage),
                reason.map(last -> last.outcome().remedy()),
                list,
                settings.toleratesStale());
    }
}
