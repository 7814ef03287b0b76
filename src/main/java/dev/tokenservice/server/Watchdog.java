package dev.tokenservice.server;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Ends a process whose server has not run a task for a minute: whatever its threads wait for, it does not come, as each
 * request is answered within 10 seconds. Seconds are counted by looks, as a platform may suspend the whole process.
 */
final class Watchdog {

    /** At one look a second. */
    static final int MAX_LOOKS = 60;

    private final Executor threads;
    private final Consumer<String> end;
    private final AtomicInteger looks = new AtomicInteger();

    Watchdog(Executor threads, Consumer<String> end) {
        this.threads = threads;
        this.end = end;
    }

    /** Asks the threads to run a task, and counts for how many looks they have not. */
    void look() {
        int unanswered = looks.getAndIncrement();
        if (unanswered == MAX_LOOKS) {
            end.accept("no thread of the server was free for a minute");
        } else if (unanswered == 0) {
            try {
                threads.execute(() -> looks.set(0));
            } catch (RejectedExecutionException e) {
                looks.set(0); // The server stops.
            }
        }
    }
}
