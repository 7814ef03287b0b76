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
 * How many steps the parts of one expression take. Most take one, and one more for each eight characters and each item of the value,
 * which is what functions take in proportion to what they get. Immutable.
 */
final class Charges {

    private static final int CHARACTERS_OF_A_STEP = 8;

    /** A pattern and a text are compared in up to as many operations as the product of their sizes, of which some are a step. */
    private static final int MATCHES_OF_A_STEP = 16;

    /** The same of a text that is searched for another one. */
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
                            // Takes what every part takes.
                        }
                    }
                });
    }

    /**
     * What a part takes with this value.
     *
     * @param most after how many it need not be exact
     */
    long of(long part, Object value, long most) {
        return special.getOrDefault(part, Charges::size).of(value, most);
    }

    /** Of a row only one column is read, and of a client one attribute. */
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
                // Functions take what their operands take.
            }
        }
    }

    /** What a list has got so far is read when it is complete. */
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

    /** Counts no further than to one more than {@code most}: a value can hold the same list many times over. */
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
