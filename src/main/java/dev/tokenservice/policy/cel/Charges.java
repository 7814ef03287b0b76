package dev.tokenservice.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.values.CelByteString;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The number of steps for each part of an expression. Most parts take one step, plus one for every eight characters and each
 * item of the value. Immutable.
 */
final class Charges {

    private static final int CHARACTERS_OF_A_STEP = 8;

    /** Matching takes at most the product of the sizes of pattern and text in operations. This many operations are one step. */
    private static final int MATCHES_OF_A_STEP = 16;

    /** The same for the search of a text within another text. */
    private static final int COMPARISONS_OF_A_STEP = 64;

    private interface Charge {
        long of(Object value, long most);
    }

    private final Map<Long, Charge> special = new HashMap<>();

    Charges(CelAbstractSyntaxTree tree, Patterns patterns) {
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .forEach(part -> {
                    switch (part.getKind()) {
                        case SELECT -> notRead(part.select().operand());
                        case CALL -> call(part, patterns);
                        case COMPREHENSION -> loop(part.comprehension());
                        default -> {
                            // Other parts take the default number of steps.
                        }
                    }
                });
    }

    /**
     * Returns the steps of a part with this value.
     *
     * @param most a limit, above which the result need not be exact
     */
    long of(long part, Object value, long most) {
        return special.getOrDefault(part, Charges::size).of(value, most);
    }

    /** A part that reads one column or one attribute takes one step, not those of the whole row or client. */
    private void notRead(CelExpr whole) {
        if (whole.getKind() == Kind.IDENT) {
            one(whole);
        }
    }

    private void one(CelExpr part) {
        special.put(part.id(), (value, most) -> 1);
    }

    private void call(CelExpr part, Patterns patterns) {
        List<CelExpr> operands = ExpressionChecks.operands(part.call());
        switch (part.call().function()) {
            case ExpressionChecks.INDEX -> notRead(operands.get(0));
            case ExpressionChecks.MATCHES -> {
                int size = patterns.size(operands.get(1).constant().stringValue());
                special.put(
                        operands.get(0).id(),
                        (value, most) -> size(value, most) + (long) length(value) * size / MATCHES_OF_A_STEP);
            }
            case "contains" ->
                operands.forEach(operand -> special.put(
                        operand.id(),
                        (value, most) ->
                                size(value, most) + (long) length(value) * length(value) / COMPARISONS_OF_A_STEP));
            default -> {
                // Other functions take no further steps: the size of their operands counts.
            }
        }
    }

    /** The parts that extend the list of a loop take one step. The steps of the list count when it is complete. */
    private void loop(CelComprehension loop) {
        if (loop.accuInit().getKind() != Kind.LIST) {
            return;
        }
        CelNavigableExpr.fromExpr(loop.loopStep()).allNodes().forEach(node -> {
            CelExpr part = node.expr();
            if (isSoFar(part, loop)) {
                one(part);
                node.parent().map(CelNavigableExpr::expr).ifPresent(this::one);
            }
        });
        one(loop.loopStep());
    }

    private static boolean isSoFar(CelExpr part, CelComprehension loop) {
        return part.getKind() == Kind.IDENT && part.ident().name().equals(loop.accuVar());
    }

    private static int length(Object value) {
        return value instanceof String text ? text.length() : 0;
    }

    /** Stops counting above {@code most}, because a value can contain the same list many times. */
    private static long size(Object value, long most) {
        if (value instanceof Map<?, ?> map) {
            return size(map.values(), most) + size(map.keySet(), most);
        }
        if (value instanceof Collection<?> items) {
            long size = 1;
            for (Object item : items) {
                size += size(item, most - size);
                if (size > most) {
                    return size;
                }
            }
            return size;
        }
        int bytes = value instanceof CelByteString binary ? binary.size() : length(value);
        return 1L + bytes / CHARACTERS_OF_A_STEP;
    }
}
