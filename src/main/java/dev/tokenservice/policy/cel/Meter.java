package dev.tokenservice.policy.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;

/** Counts the steps of one evaluation. The library calls it for each part of the expression that was evaluated. */
final class Meter implements CelEvaluationListener {

    private final Charges charges;
    private final Budget budget;
    private long left;

    Meter(Charges charges, Budget budget) {
        this.charges = charges;
        this.budget = budget;
        this.left = budget.share();
    }

    /**
     * Ends an evaluation. It is an error, not an exception, because {@code ||}, {@code &&} and macros continue after an
     * exception.
     */
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
