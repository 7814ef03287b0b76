package dev.tokenservice.policy.cel;

/**
 * How much work the expressions of one decision may be, in steps. A part of an expression that is evaluated takes one, and more where
 * its value is long. Steps are counted and not timed, so that a request has the same answer on every machine. Used by one thread.
 */
public final class Budget {

    static final long OF_AN_EVALUATION = 250_000;
    static final long OF_A_DECISION = 1_000_000;

    private long left = OF_A_DECISION;

    /** What the next evaluation can take at most. */
    long share() {
        return Math.min(left, OF_AN_EVALUATION);
    }

    void spend(long steps) {
        left -= steps;
    }
}
