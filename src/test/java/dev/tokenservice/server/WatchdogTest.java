package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A server whose threads are all stuck ends its process; one that is busy, or stops, does not. */
class WatchdogTest {

    private final List<String> ends = new ArrayList<>();

    @Test
    void look_threadsRunTasks_goesOnForEver() {
        Watchdog watchdog = new Watchdog(Runnable::run, ends::add);

        look(watchdog, 10 * Watchdog.MAX_LOOKS);

        assertThat(ends).isEmpty();
    }

    @Test
    void look_threadsAreBusyForAWhile_goesOn() {
        Deque<Runnable> queue = new ArrayDeque<>();
        Watchdog watchdog = new Watchdog(queue::add, ends::add);

        look(watchdog, Watchdog.MAX_LOOKS);
        queue.remove().run();
        look(watchdog, Watchdog.MAX_LOOKS);

        assertThat(queue).hasSize(1);
        assertThat(ends).isEmpty();
    }

    @Test
    void look_threadsAreStuck_endsTheProcessOnce() {
        Watchdog watchdog = new Watchdog(task -> {}, ends::add);

        look(watchdog, 2 * Watchdog.MAX_LOOKS);

        assertThat(ends).hasSize(1);
    }

    @Test
    void look_serverStops_isNoReason() {
        Watchdog watchdog = new Watchdog(
                task -> {
                    throw new RejectedExecutionException();
                },
                ends::add);

        look(watchdog, 2 * Watchdog.MAX_LOOKS);

        assertThat(ends).isEmpty();
    }

    private static void look(Watchdog watchdog, int times) {
        for (int i = 0; i < times; i++) {
            watchdog.look();
        }
    }
}
