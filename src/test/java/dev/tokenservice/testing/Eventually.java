package dev.tokenservice.testing;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what a service does by itself. */
public final class Eventually {

    private Eventually() {}

    /** Asks again and again until the answer is the expected one, and fails where it is another for so long. */
    public static void within(Duration patience, Object expected, Supplier<?> question) {
        long end = System.nanoTime() + patience.toNanos();
        Object answer = question.get();
        while (!expected.equals(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("for " + patience + " it is " + answer + ", and not " + expected);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            answer = question.get();
        }
    }
}
