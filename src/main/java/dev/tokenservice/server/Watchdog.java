package dev.tokenservice.server;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Ends a process whose server has not run a task for a minute: whatever its threads wait for, it does not come, as each
 * request is answered within 10 seconds. Seconds are counted by looks, as a platform may suspend the whole process. It looks from
 * a thread of its own, which waits for nothing: not even for the console, as everything that may write a line does.
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

    /** Looks once a second until the thread that this returns is interrupted. */
    Thread start(String port) {
        Thread thread = new Thread(this::lookEachSecond, "watchdog-" + port);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void lookEachSecond() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
