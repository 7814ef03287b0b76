package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A few handshakes at a time: the others wait without a thread, and each gets its turn. */
class HandshakeTurnsTest {

    private final HandshakeTurns turns = new HandshakeTurns();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    /** Takes all turns there are within one another, and does this in the last. */
    private void whenAllAreTaken(int left, Runnable work) {
        if (left == 0) {
            work.run();
        } else {
            turns.take(threads::add, end -> whenAllAreTaken(left - 1, work));
        }
    }

    private void whenAllAreTaken(Runnable work) {
        whenAllAreTaken(HandshakeTurns.AT_ONCE, work);
    }

    private void runThreads() {
        for (Runnable next = threads.poll(); next != null; next = threads.poll()) {
            next.run();
        }
    }

    private void take(String name) {
        turns.take(threads::add, end -> done.add(name));
    }

    @Test
    void take_aTurnIsFree_worksAtOnce() {
        take("first");

        assertThat(done).containsExactly("first");
        assertThat(threads).isEmpty();
    }

    @Test
    void take_allAreTaken_waitsWithoutAThread() {
        whenAllAreTaken(() -> {
            take("first");
            take("second");

            assertThat(done).isEmpty();
            assertThat(threads).isEmpty();
            assertThat(turns.waiting()).isEqualTo(2);
        });

        runThreads();
        assertThat(done).containsExactly("first", "second");
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void end_beforeTheWorkIsDone_letsOneOtherWork() {
        whenAllAreTaken(
                HandshakeTurns.AT_ONCE - 1,
                () -> turns.take(threads::add, end -> {
                    take("first");
                    take("second");
                    end.run();
                    end.run();

                    assertThat(threads).hasSize(1);
                    assertThat(turns.waiting()).isEqualTo(1);
                }));
    }

    @Test
    void take_theWorkFails_endsItsTurn() {
        for (int i = 0; i <= HandshakeTurns.AT_ONCE; i++) {
            assertThatThrownBy(() -> turns.take(threads::add, end -> {
                        throw new IllegalStateException("broken");
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }

        take("first");

        assertThat(done).containsExactly("first");
    }

    @Test
    void end_theServerStops_leavesNobodyWaiting() {
        whenAllAreTaken(
                HandshakeTurns.AT_ONCE - 1,
                () -> turns.take(
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        end -> {
                            take("first");
                            take("second");
                            end.run();

                            assertThat(turns.waiting()).isZero();
                        }));
    }
}
