package dev.tokenservice.api;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.Limit;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the refusals of each client certificate, so that a machine which repeats a mistake cannot fill the log. Beyond the
 * limit a refusal becomes 429, and the log has a line when that begins and one at the end of each minute, which says how many
 * refusals it stands for. Only refusals are counted and limited: a request that would get a token always gets it. Safe for use
 * by many threads.
 */
public final class RefusalLimit implements AutoCloseable {

    /** Beyond them nothing is counted: a client with that many certificates could make the counts of others be forgotten. */
    static final int MAX_CLIENTS = 100_000;

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int TOO_MANY_REQUESTS = 429;

    private final int limit;
    private final LongSupplier nanoTime;
    private final AuditLog audit;
    private final ServiceMetrics metrics;

    /** In the order in which their minutes began. */
    private final Map<String, Client> clients = new LinkedHashMap<>();

    private final Queue<Client> due = new ArrayDeque<>();

    private static final class Client {

        private final long since;
        private boolean hadLine;
        private int refusals;
        private int withoutLine;

        /** Small, whatever stands in the certificate: there may be as many of them as clients. */
        private @Nullable AuditTrail first;

        private Client(long since, boolean hadLine) {
            this.since = since;
            this.hadLine = hadLine;
        }
    }

    /**
     * Takes the limit.
     *
     * @param limit refusals a minute and certificate; 0 for no limit
     * @param nanoTime nanoseconds from any moment on
     */
    public RefusalLimit(int limit, LongSupplier nanoTime, AuditLog audit, ServiceMetrics metrics) {
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.audit = audit;
        this.metrics = metrics;
    }

    /**
     * A refusal beyond the limit.
     *
     * @param untilOver until the end of the minute
     * @param hasOwnLine whether it has a line of its own; else it counts in the line of its minute
     */
    private record Excess(Duration untilOver, boolean hasOwnLine) {}

    /**
     * Counts a refusal of a client whose certificate was verified.
     *
     * @return what to refuse the request with instead, which the audit has already; nothing within the limit
     */
    Optional<Refusal> exceeded(Refusal refusal, AuditTrail trail) {
        Optional<Excess> excess =
                trail.fingerprint().filter(fingerprint -> limit > 0).flatMap(fingerprint -> count(fingerprint, trail));
        if (excess.isEmpty()) {
            return Optional.empty();
        }
        metrics.limitHit(Limit.REFUSALS);
        Refusal instead = tooMany()
                .retryAfter(roundedUp(excess.get().untilOver()))
                .detail("this request: " + refusal.reason().code() + ", " + refusal.description())
                .build();
        if (excess.get().hasOwnLine()) {
            audit.refused(trail, instead, 1);
        }
        return Optional.of(instead);
    }

    private synchronized Optional<Excess> count(String fingerprint, AuditTrail trail) {
        long now = nanoTime.getAsLong();
        expire(now);
        if (clients.size() >= MAX_CLIENTS && !clients.containsKey(fingerprint)) {
            metrics.refusalNotCounted();
            return Optional.empty();
        }
        Client client = clients.computeIfAbsent(fingerprint, unknown -> new Client(now, false));
        if (client.refusals < limit) {
            client.refusals++;
            return Optional.empty();
        }
        boolean hasOwnLine = !client.hadLine;
        client.hadLine = true;
        if (!hasOwnLine) {
            client.withoutLine++;
            client.first = client.first == null ? trail.brief() : client.first;
        }
        return Optional.of(new Excess(PERIOD.minusNanos(now - client.since), hasOwnLine));
    }

    private Refusal.Builder tooMany() {
        return Refusal.because(
                        ReasonCode.RATE,
                        "requests with this certificate were refused more than " + limit
                                + " times within a minute: correct what the answers before this one say, then try again")
                .status(TOO_MANY_REQUESTS);
    }

    /** A second of which only a part is left still counts. */
    private static Duration roundedUp(Duration duration) {
        return Duration.ofSeconds(duration.plusNanos(999_999_999).toSeconds());
    }

    /** Ends the minutes that are over. A client that was over its limit begins another one, which has had its line. */
    private void expire(long now) {
        List<String> limited = new ArrayList<>();
        Iterator<Map.Entry<String, Client>> oldest = clients.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Client> entry = oldest.next();
            if (now - entry.getValue().since < PERIOD.toNanos()) {
                break;
            }
            oldest.remove();
            if (entry.getValue().withoutLine > 0) {
                due.add(entry.getValue());
                limited.add(entry.getKey());
            }
        }
        limited.forEach(fingerprint -> clients.put(fingerprint, new Client(now, true)));
    }

    /** Writes the lines of minutes that are over from now on, until the scheduler ends. */
    public void start(ScheduledExecutorService scheduler) {
        ScheduledFuture<?> unused = scheduler.scheduleWithFixedDelay(this::writeLines, 1, 1, TimeUnit.SECONDS);
    }

    /** Writes the lines of the minutes that are over. */
    void writeLines() {
        take(false).forEach(this::writeLine);
    }

    /** Writes the lines of all minutes: no further request comes. */
    @Override
    public void close() {
        take(true).forEach(this::writeLine);
    }

    private synchronized List<Client> take(boolean all) {
        expire(nanoTime.getAsLong());
        if (all) {
            clients.values().stream().filter(client -> client.withoutLine > 0).forEach(due::add);
            clients.clear();
        }
        List<Client> taken = List.copyOf(due);
        due.clear();
        return taken;
    }

    private void writeLine(Client client) {
        if (client.first != null) {
            audit.refused(client.first, tooMany().build(), client.withoutLine);
        }
    }
}
