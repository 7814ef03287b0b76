package dev.tokenservice.x509;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators what comes of fetching: a line for each new list, and of each authority one line a minute of what fails. */
public final class FetchReports {

    private static final Logger LOG = LoggerFactory.getLogger(FetchReports.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BiConsumer<String, FetchOutcome> counter;

    /** By authority. */
    private final Map<String, Long> told = new HashMap<>();

    /**
     * Tells nothing yet.
     *
     * @param counter gets the authority and the outcome of each fetch
     */
    public FetchReports(Clock clock, LongSupplier nanoTime, BiConsumer<String, FetchOutcome> counter) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.counter = counter;
    }

    synchronized void follow(List<FetchedLists> authorities) {
        Set<String> names = authorities.stream().map(FetchedLists::authority).collect(Collectors.toSet());
        told.keySet().retainAll(names);
    }

    void ended(FetchedLists authority, ListSource source, FetchOutcome outcome, boolean failedBefore) {
        counter.accept(authority.authority(), outcome);
        SourceStatus status = authority.status(source, clock.instant());
        if (status.problem().isPresent()) {
            tell(authority, status);
        } else if (outcome == FetchOutcome.FETCHED || failedBefore) {
            LOG.info("authority {}: {}", authority.authority(), status);
        }
    }

    /** Tells of lists that are out of date although nothing fails: a server may go on with an expired one. */
    void remind(FetchedLists authority, Instant now) {
        Optional<SourceStatus> stale = authority.statuses(now).stream()
                .filter(status -> status.state() == SourceState.STALE)
                .findFirst();
        if (stale.isPresent()) {
            tell(authority, stale.get());
        }
    }

    private void tell(FetchedLists authority, SourceStatus status) {
        if (!isTime(authority.authority())) {
            return;
        }
        if (status.isRefusing()) {
            LOG.error("authority {}: {}", authority.authority(), status);
        } else {
            LOG.warn("authority {}: {}", authority.authority(), status);
        }
    }

    private synchronized boolean isTime(String authority) {
        long now = nanoTime.getAsLong();
        Long last = told.get(authority);
        if (last != null && now - last < PAUSE.toNanos()) {
            return false;
        }
        told.put(authority, now);
        return true;
    }
}
