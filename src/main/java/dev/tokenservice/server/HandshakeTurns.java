package dev.tokenservice.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Lets a few TLS handshakes at a time be computed; the others wait without a thread, first come, first served. A handshake
 * needs
 * a processor, and the one lock of the JDK's random numbers: with more at work none is done earlier, but they would have every
 * thread of the server, those for the other ports included.
 */
final class HandshakeTurns {

    static final int AT_ONCE = 8;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int taken;

    /** Does the work now, or, on one of the threads, when its turn comes. It gets a callback that ends its turn early. */
    void take(Executor threads, Consumer<Runnable> work) {
        Runnable turn = () -> {
            AtomicBoolean ended = new AtomicBoolean();
            Runnable end = () -> {
                if (ended.compareAndSet(false, true)) {
                    passOn(threads);
                }
            };
            try {
                work.accept(end);
            } finally {
                end.run();
            }
        };
        if (isFree(turn)) {
            turn.run();
        }
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized boolean isFree(Runnable turn) {
        if (taken == AT_ONCE) {
            waiting.add(turn);
            return false;
        }
        taken++;
        return true;
    }

    private void passOn(Executor threads) {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                taken--;
                return;
            }
        }
        try {
            threads.execute(next);
        } catch (RejectedExecutionException e) {
            passOn(threads); // The server stops: nobody else gets a thread either.
        }
    }
}
