package dev.tokenservice.policy.cel;

/**
 * The limit of work for all expressions of one decision, in steps. Evaluating a part of an expression takes one step, and
 * more for a long value. Steps are counted, not timed, so that every machine gives the same answer. Not thread-safe.
 */
public final class Budget {

    static final long OF_AN_EVALUATION = 250_000;
    static final long OF_A_DECISION = 1_000_000;

    private long left = OF_A_DECISION;

    /** Returns the number of steps that the next evaluation may take. */
    long share() {
        return Math.min(left, OF_AN_EVALUATION);
    }

    void spend(long steps) {
        left -= steps;
    }
}
