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
     * The answer to a question; empty where there is none in time, or an earlier question is still open.
     *
     * @throws RuntimeException what the question threw
     */
    public <T> Optional<T> ask(Supplier<T> question, Duration patience) {
        FutureTask<T> task = new FutureTask<>(question::get);
        if (!begin(task)) {
            return Optional.empty();
        }
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

    private synchronized boolean begin(FutureTask<?> task) {
        if (open != null && !open.isDone()) {
            return false;
        }
        open = task;
        since = clock.instant();
        return true;
    }

    /** How long the open question has been waiting for its answer; empty where none is. */
    synchronized Optional<Duration> waitingFor() {
        return open == null || open.isDone() ? Optional.empty() : Optional.of(Duration.between(since, clock.instant()));
    }
}
