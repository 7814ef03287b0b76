package dev.tokenservice.policy.cel;

import java.util.List;
import java.util.stream.Collectors;

/** An expression is invalid. */
public final class ExpressionException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * A problem of an expression.
     *
     * @param offset the place of the problem, in characters from the beginning of the expression
     */
    public record Problem(int offset, String what) {}

    private final transient List<Problem> problems;

    ExpressionException(List<Problem> problems) {
        super(problems.stream().map(Problem::what).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
