package dev.tokenservice.x509;

import dev.tokenservice.outbound.DaemonThreads;
import dev.tokenservice.outbound.Download;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the revocation lists of all authorities in the background, each as often as its policy says. Retries sooner after a
 * failure. Each time has jitter, so that replicas which start together do not keep fetching together.
 */
public final class RevocationFetching implements AutoCloseable {

    private static final int THREADS = 16;
    private static final int MAX_QUEUED = 4096;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration MOST_OF_RETRY = Duration.ofMinutes(1);
    private static final Duration PRECISION = Duration.ofMillis(250);
    private static final long POLL_MILLISECONDS = 20;

    private final Download download;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final DoubleSupplier chance;
    private final FetchReports reports;
    private final ThreadPoolExecutor workers;
    private volatile List<FetchedLists> authorities = List.of();

    /**
     * Fetches nothing yet.
     *
     * @param nanoTime the monotonic clock, by which lists are due
     * @param chance from 0 to 1
     * @param reports is told of every fetch
     */
    public RevocationFetching(
            Download download, Clock clock, LongSupplier nanoTime, DoubleSupplier chance, FetchReports reports) {
        this.download = download;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.chance = chance;
        this.reports = reports;
        this.workers = DaemonThreads.pool("revocation-lists", THREADS, MAX_QUEUED);
    }

    /**
     * Takes the authorities of a policy instead of those before. What was fetched for an authority of the same name stays.
     *
     * @param patience how long to wait for lists of which there is none yet, so that their clients need not be refused
     */
    public void follow(List<FetchedLists> next, Duration patience) {
        for (FetchedLists authority : next) {
            authorities.stream()
                    .filter(before -> before.authority().equals(authority.authority()))
                    .forEach(authority::follow);
        }
        authorities = List.copyOf(next);
        reports.follow(authorities);
        tick();
        await(patience);
    }

    private void await(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end && authorities.stream().anyMatch(FetchedLists::isBeginning)) {
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    public List<FetchedLists> authorities() {
        return authorities;
    }

    public void start(ScheduledExecutorService executor) {
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(
                this::tick, PRECISION.toMillis(), PRECISION.toMillis(), TimeUnit.MILLISECONDS);
    }

    void tick() {
        Instant now = clock.instant();
        for (FetchedLists authority : authorities) {
            authority.look(now);
            for (ListSource source : authority.sources()) {
                if (source.begin(nanoTime.getAsLong())) {
                    begin(authority, source);
                }
            }
            reports.remind(authority, now);
        }
    }

    private void begin(FetchedLists authority, ListSource source) {
        try {
            workers.execute(() -> fetch(authority, source));
        } catch (RejectedExecutionException e) {
            // As many wait already as there may be, or the service stops: it is due again.
            source.postpone();
        }
    }

    private void fetch(FetchedLists authority, ListSource source) {
        boolean failedBefore = source.failure().isPresent();
        @Nullable FetchException failure = null;
        FetchOutcome outcome = FetchOutcome.UNREACHABLE;
        try {
            outcome = new ListFetch(download, clock, authority, source).run();
        } catch (FetchException e) {
            failure = e;
            outcome = e.outcome();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // Whatever it is that a stranger's list leads to, the next one must be fetched.
            failure = new FetchException(FetchOutcome.LIST, "cannot be read: " + e, e);
            outcome = FetchOutcome.LIST;
        }
        int failures = source.ended(failure);
        source.due(nanoTime.getAsLong() + wait(authority, failures).toNanos());
        reports.ended(authority, source, outcome, failedBefore);
    }

    /** Returns the time until the next attempt, after so many in a row that failed. */
    private Duration wait(FetchedLists authority, int failures) {
        Duration every = authority.settings().every();
        if (failures == 0) {
            return scaled(every, 0.8);
        }
        Duration backoff = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 6));
        Duration longest = every.compareTo(MOST_OF_RETRY) < 0 ? every : MOST_OF_RETRY;
        return scaled(backoff.compareTo(longest) < 0 ? backoff : longest, 0.5);
    }

    private Duration scaled(Duration most, double least) {
        return Duration.ofNanos((long) (most.toNanos() * (least + (1 - least) * chance.getAsDouble())));
    }

    @Override
    public void close() {
        workers.shutdownNow();
        download.close();
    }
}
