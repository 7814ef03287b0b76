package dev.tokenservice.outbound;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Cancels the exchanges that have passed their deadline. It looks at all of them every now and then: an alarm clock for each
 * exchange would cost it a change of threads, and none is about milliseconds. Safe for use by many threads.
 */
final class ExchangeDeadlines implements AutoCloseable {

    private static final long PRECISION_MILLISECONDS = 50;

    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService alarms;

    /** Looks until it is closed, in a thread whose name begins with this one. */
    ExchangeDeadlines(String thread) {
        alarms = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named(thread));
        ScheduledFuture<?> unused = alarms.scheduleWithFixedDelay(
                this::cancelLate, PRECISION_MILLISECONDS, PRECISION_MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    Exchange begin(HttpUriRequestBase request, long millis) {
        Exchange exchange = new Exchange(request, millis);
        running.add(exchange);
        return exchange;
    }

    void end(Exchange exchange) {
        running.remove(exchange);
    }

    private void cancelLate() {
        for (Exchange exchange : running) {
            if (exchange.isLate()) {
                exchange.cancel();
            }
        }
    }

    @Override
    public void close() {
        alarms.shutdownNow();
    }
}
