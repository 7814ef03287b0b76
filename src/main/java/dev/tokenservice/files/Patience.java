package dev.tokenservice.files;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a file system, and waits for its answer only so long. No call to a file system takes a time limit, and a thread that
 * waits for a mount which hangs cannot be interrupted: so it is left behind, and asked nothing more until it is back.
 */
public final class Patience {

    public static final String NO_ANSWER = "the file system does not answer";

    private final Clock clock;
    private @Nullable FutureTask<?> open;
    private Instant since = Instant.EPOCH;

    public Patience(Clock clock) {
        this.clock = clock;
    }

    /**
     * The answer to a question; empty if there is none in time, or an earlier question is still open.
     *
     * @throws RuntimeException what the question threw
     */
    public <T> Optional<T> ask(Supplier<T> question, Duration patience) {
        FutureTask<T> task = new FutureTask<>(question::get);
        return begin(task) ? answer(task, patience) : Optional.empty();
    }

    /**
     * The same, and an earlier question is waited for first: empty if that one has been open so long.
     *
     * @throws RuntimeException what the question threw
     */
    public <T> Optional<T> askNext(Supplier<T> question, Duration patience) {
        FutureTask<T> task = new FutureTask<>(question::get);
        while (!begin(task)) {
            if (!ends(patience)) {
                return Optional.empty();
            }
        }
        return answer(task, patience);
    }

    private static <T> Optional<T> answer(FutureTask<T> task, Duration patience) {
        Thread thread = new Thread(task, "file-reader");
        thread.setDaemon(true);
        thread.start();
        try {
            return Optional.of(task.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** Waits for the open question; false if it has been open so long. */
    private boolean ends(Duration patience) {
        FutureTask<?> earlier;
        Duration left;
        synchronized (this) {
            earlier = open;
            left = patience.minus(Duration.between(since, clock.instant()));
        }
        try {
            if (earlier != null) {
                earlier.get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            // That is told where it was asked.
            return true;
        }
    }

    private synchronized boolean begin(FutureTask<?> task) {
        if (open != null && !open.isDone()) {
            return false;
        }
        open = task;
        since = clock.instant();
        return true;
    }

    /** Returns how long the open question has been waiting for its answer; empty if none is. */
    synchronized Optional<Duration> waitingFor() {
        return open == null || open.isDone() ? Optional.empty() : Optional.of(Duration.between(since, clock.instant()));
    }
}
