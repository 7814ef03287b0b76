package dev.tokenservice.api;

import dev.tokenservice.telemetry.AuditTrail;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The refusals of each client certificate within the minute of its first one. Safe for use by many threads. */
final class RefusalCounts {

    /** Beyond them nothing is counted: a client with that many certificates could make the counts of others be forgotten. */
    static final int MAX_CLIENTS = 100_000;

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final int limit;
    private final LongSupplier nanoTime;
    private final Runnable notCounted;

    /** In the order in which their minutes began. */
    private final Map<String, Client> clients = new LinkedHashMap<>();

    private final Queue<Remainder> due = new ArrayDeque<>();

    /**
     * A refusal beyond the limit.
     *
     * @param untilOver until the end of the minute
     * @param hasOwnLine whether it has a line of its own; else it counts in the line of its minute
     */
    record Excess(Duration untilOver, boolean hasOwnLine) {}

    /** The refusals of a minute that have no line of their own, and the first of them. */
    record Remainder(AuditTrail first, int refusals) {}

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

        private Optional<Remainder> remainder() {
            return Optional.ofNullable(first).map(trail -> new Remainder(trail, withoutLine));
        }
    }

    /**
     * Counts nothing yet.
     *
     * @param limit refusals a minute and certificate
     * @param nanoTime nanoseconds from any moment on
     * @param notCounted is told of each refusal for which there is no room
     */
    RefusalCounts(int limit, LongSupplier nanoTime, Runnable notCounted) {
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.notCounted = notCounted;
    }

    /** Counts a refusal; empty within the limit. */
    synchronized Optional<Excess> count(String fingerprint, AuditTrail trail) {
        long now = nanoTime.getAsLong();
        expire(now);
        if (clients.size() >= MAX_CLIENTS && !clients.containsKey(fingerprint)) {
            notCounted.run();
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

    /** Takes what is due: the remainders of the minutes that are over, or of all. */
    synchronized List<Remainder> take(boolean all) {
        expire(nanoTime.getAsLong());
        if (all) {
            clients.values().stream()
                    .flatMap(client -> client.remainder().stream())
                    .forEach(due::add);
            clients.clear();
        }
        List<Remainder> taken = List.copyOf(due);
        due.clear();
        return taken;
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
            entry.getValue().remainder().ifPresent(remainder -> {
                due.add(remainder);
                limited.add(entry.getKey());
            });
        }
        limited.forEach(fingerprint -> clients.put(fingerprint, new Client(now, true)));
    }
}
