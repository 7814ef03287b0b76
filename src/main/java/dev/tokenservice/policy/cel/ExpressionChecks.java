package dev.tokenservice.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.tokenservice.identity.IpNetwork;
import dev.tokenservice.policy.cel.ExpressionException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Checks an expression beyond its types, and finds the attributes and columns that it reads, in one walk through its tree. */
final class ExpressionChecks {

    static final int MAX_DEPTH = 32;
    static final String MATCHES = "matches";
    static final String INDEX = "_[_]";

    private final CelAbstractSyntaxTree tree;
    private final Set<String> rows;
    private final Patterns patterns;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Set<String>> columns = new TreeMap<>();
    private final Set<String> attributes = new TreeSet<>();

    ExpressionChecks(CelAbstractSyntaxTree tree, Set<String> rows, Patterns patterns) {
        this.tree = tree;
        this.rows = rows;
        this.patterns = patterns;
        visit(tree.getExpr(), 1, false);
    }

    List<Problem> problems() {
        return problems;
    }

    Map<String, Set<String>> columns() {
        return columns;
    }

    Set<String> attributes() {
        return attributes;
    }

    private void problem(CelExpr place, String what) {
        int offset = tree.getSource().getPositionsMap().getOrDefault(place.id(), 0);
        problems.add(new Problem(offset, what));
    }

    private void visit(CelExpr node, int depth, boolean inMacro) {
        if (depth > MAX_DEPTH) {
            problem(node, "the expression is more than " + MAX_DEPTH + " levels deep");
            return;
        }
        switch (node.getKind()) {
            case SELECT -> select(node, depth, inMacro);
            case CALL -> call(node, depth, inMacro);
            case LIST -> node.list().elements().forEach(item -> visit(item, depth + 1, inMacro));
            case MAP ->
                node.map().entries().forEach(entry -> {
                    visit(entry.key(), depth + 1, inMacro);
                    visit(entry.value(), depth + 1, inMacro);
                });
            case COMPREHENSION -> comprehension(node, depth, inMacro);
            case IDENT -> {
                if (isWhole(node)) {
                    problem(node, "only single attributes of " + node.ident().name() + " can be read");
                }
            }
            default -> {
                // Constants have no parts, and expressions cannot construct types.
            }
        }
    }

    private void select(CelExpr node, int depth, boolean inMacro) {
        CelSelect select = node.select();
        if (select.testOnly() && inMacro) {
            nested(node);
        }
        note(select.operand(), select.field());
        if (!isWhole(select.operand())) {
            visit(select.operand(), depth + 1, inMacro);
        }
    }

    private static boolean isWhole(CelExpr node) {
        return node.getKind() == CelExpr.ExprKind.Kind.IDENT
                && List.of(Expressions.CLIENT, Expressions.REQUEST)
                        .contains(node.ident().name());
    }

    private void call(CelExpr node, int depth, boolean inMacro) {
        CelCall call = node.call();
        List<CelExpr> parts = operands(call);
        if (call.function().equals(MATCHES)) {
            checkPattern(parts.get(1));
        } else if (call.function().equals(IpFunctions.IN_NETWORK)) {
            text(parts.get(1))
                    .filter(network -> IpNetwork.parse(network).isEmpty())
                    .ifPresent(network -> problem(parts.get(1), "must be a network such as 10.0.0.0/8"));
        } else if (call.function().equals(INDEX)) {
            text(parts.get(1)).ifPresent(key -> note(parts.get(0), key));
        }
        parts.forEach(part -> visit(part, depth + 1, inMacro));
    }

    /** Returns the operands of a call. The target, if there is one, comes first. */
    static List<CelExpr> operands(CelCall call) {
        return Stream.concat(call.target().stream(), call.args().stream()).toList();
    }

    private void comprehension(CelExpr node, int depth, boolean inMacro) {
        if (inMacro) {
            nested(node);
        }
        CelComprehension loop = node.comprehension();
        visit(loop.iterRange(), depth + 1, inMacro);
        visit(loop.loopStep(), depth + 1, true);
        visit(loop.result(), depth + 1, true);
    }

    private void nested(CelExpr node) {
        problem(node, "a macro (has, all, exists, exists_one, map, filter) must not be within another one");
    }

    private void checkPattern(CelExpr pattern) {
        Optional<String> wrong =
                text(pattern).map(patterns::add).orElse(Optional.of("the pattern of matches() must be a literal text"));
        wrong.ifPresent(what -> problem(pattern, what));
    }

    private static Optional<String> text(CelExpr node) {
        return node.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && node.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(node.constant().stringValue())
                : Optional.empty();
    }

    private void note(CelExpr operand, String field) {
        if (operand.getKind() != CelExpr.ExprKind.Kind.IDENT) {
            return;
        }
        String name = operand.ident().name();
        if (rows.contains(name)) {
            columns.computeIfAbsent(name, row -> new TreeSet<>()).add(field);
        } else if (name.equals(Expressions.CLIENT)) {
            attributes.add(field);
        }
    }
}
