package dev.tokenservice.policy.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;

/** Counts the steps of one evaluation. The library calls it with each part of the expression, as soon as that has its value. */
final class Meter implements CelEvaluationListener {

    private final Charges charges;
    private final Budget budget;
    private long left;

    Meter(Charges charges, Budget budget) {
        this.charges = charges;
        this.budget = budget;
        this.left = budget.share();
    }

    /** Ends an evaluation. No exception, because {@code ||}, {@code &&} and the macros go on after one. */
    static final class ExhaustedError extends Error {

        private static final long serialVersionUID = 1L;

        ExhaustedError(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public void callback(CelExpr part, Object value) {
        long steps = Math.min(charges.of(part.id(), value, left), left + 1);
        budget.spend(steps);
        left -= steps;
        if (left < 0) {
            throw new ExhaustedError(
                    budget.share() <= 0
                            ? "the expressions of this request take more than " + Budget.OF_A_DECISION
                                    + " steps: write fewer, or let match decide first"
                            : "it takes more than " + Budget.OF_AN_EVALUATION
                                    + " steps: use fewer patterns, and shorter lists and texts");
        }
    }
}
