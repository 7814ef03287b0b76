package dev.tokenservice.x509;

import dev.tokenservice.outbound.Download;
import dev.tokenservice.outbound.RefusedAnswerException;
import dev.tokenservice.outbound.RefusedRedirectException;
import dev.tokenservice.outbound.Validators;
import java.io.IOException;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches one revocation list once, and keeps it. Whatever the server does, the last list that could be taken stays. */
final class ListFetch {

    private static final int OK = 200;

    private final Download download;
    private final Clock clock;
    private final FetchedLists authority;
    private final ListSource source;

    /** Why the cache is of no use; nothing else fails for that. */
    private @Nullable FetchException uncached;

    ListFetch(Download download, Clock clock, FetchedLists authority, ListSource source) {
        this.download = download;
        this.clock = clock;
        this.authority = authority;
        this.source = source;
    }

    /**
     * Runs.
     *
     * @throws FetchException when no list was taken, or it cannot be kept
     */
    FetchOutcome run() throws FetchException {
        if (source.restores()) {
            restore();
        }
        Optional<ListSource.Taken> before = source.taken();
        Validators known = before.filter(taken -> clock.instant().isBefore(HeldList.end(taken.list())))
                .map(ListSource.Taken::validators)
                .orElse(Validators.NONE);
        Download.Answer answer = answer(known);
        FetchOutcome outcome = answer.isUnchanged() ? confirmed(before, known) : taken(answer, before);
        if (uncached != null) {
            throw uncached;
        }
        return outcome;
    }

    private Download.Answer answer(Validators known) throws FetchException {
        try {
            return download.get(source.url(), known, url -> authority.reach(source, url));
        } catch (RefusedRedirectException e) {
            throw new FetchException(FetchOutcome.ANSWER, String.valueOf(e.getMessage()), e);
        } catch (RefusedAnswerException e) {
            throw new FetchException(FetchOutcome.ANSWER, "gives an invalid answer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new FetchException(FetchOutcome.UNREACHABLE, "cannot be fetched: " + e.getMessage(), e);
        }
    }

    private FetchOutcome confirmed(Optional<ListSource.Taken> before, Validators known) throws FetchException {
        if (before.isEmpty() || known.equals(Validators.NONE)) {
            throw new FetchException(FetchOutcome.ANSWER, "answers 304 to a request without a condition");
        }
        confirm(before.get());
        return FetchOutcome.UNCHANGED;
    }

    private void confirm(ListSource.Taken before) {
        Instant now = clock.instant();
        source.take(new ListSource.Taken(before.list(), now, before.validators()));
        authority.publish(false);
        cached(cache -> cache.confirm(authority.authority(), source.url(), encoded(before.list()), now));
    }

    private FetchOutcome taken(Download.Answer answer, Optional<ListSource.Taken> before) throws FetchException {
        if (answer.status() != OK) {
            throw new FetchException(FetchOutcome.ANSWER, "answers with the status " + answer.status());
        }
        Instant now = clock.instant();
        X509CRL list = authority.read(source, answer.content(), now);
        if (before.isPresent()) {
            ListCheck.checkSuccessor(list, before.get().asHeld(authority.settings()), now);
        }
        boolean same = before.filter(taken -> taken.list().equals(list)).isPresent();
        source.take(new ListSource.Taken(list, now, answer.validators()));
        authority.publish(!same);
        cached(cache -> cache.write(authority.authority(), source.url(), encoded(list), now));
        return same ? FetchOutcome.UNCHANGED : FetchOutcome.FETCHED;
    }

    private void restore() {
        cached(cache -> {
            Optional<ListCache.Kept> kept = cache.read(authority.authority(), source.url());
            if (kept.isPresent() && source.taken().isEmpty()) {
                X509CRL list = authority.read(source, kept.get().content(), clock.instant());
                source.take(new ListSource.Taken(list, kept.get().confirmed(), Validators.NONE));
                authority.publish(true);
            }
        });
    }

    private interface CacheUse {

        void with(ListCache cache) throws FetchException;
    }

    private void cached(CacheUse use) {
        if (authority.cache().isPresent()) {
            try {
                use.with(authority.cache().get());
            } catch (FetchException e) {
                uncached = new FetchException(FetchOutcome.CACHE, "in the cache " + e.getMessage(), e);
            }
        }
    }

    private static byte[] encoded(X509CRL list) {
        try {
            return list.getEncoded();
        } catch (CRLException e) {
            throw new IllegalStateException("it was read from its encoding", e);
        }
    }
}
