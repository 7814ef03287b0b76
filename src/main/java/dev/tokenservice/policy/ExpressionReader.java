package dev.tokenservice.policy;

import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.ExpressionException;
import dev.tokenservice.policy.cel.Expressions;
import dev.tokenservice.policy.cel.Expressions.Purpose;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the expressions of a policy file. Loads the CEL library only for the first expression. Not thread-safe. */
final class ExpressionReader {

    private @Nullable Expressions expressions;

    /**
     * Reads an expression. Records each problem at its place within the expression.
     *
     * @param rows the names of the rows that it can read
     */
    Optional<Expression> read(PolicyNode node, Purpose purpose, Set<String> rows) {
        Optional<String> text = node.text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(expressions().compile(text.get(), purpose, rows));
        } catch (ExpressionException e) {
            e.problems().forEach(problem -> node.problemAt(problem.offset(), problem.what()));
            return Optional.empty();
        }
    }

    private Expressions expressions() {
        if (expressions == null) {
            expressions = new Expressions();
        }
        return expressions;
    }
}
