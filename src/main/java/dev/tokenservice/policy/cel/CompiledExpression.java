package dev.tokenservice.policy.cel;

import com.google.common.base.Throwables;
import com.google.common.collect.Sets;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.Meter.ExhaustedError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** An expression that the CEL library evaluates. */
record CompiledExpression(Program program, Charges charges, Map<String, Set<String>> columns, Set<String> attributes)
        implements Expression {

    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at <input>:\\d+)?: ");
    private static final int MAX_UNKNOWN = 4;
    private static final int MAX_REASON = 300;
    private static final String NO_KEY = "is not present in map";

    CompiledExpression {
        columns = Map.copyOf(columns);
        attributes = Set.copyOf(attributes);
    }

    /**
     * Returns a result only if it is the same whether or not the client has the unknown attributes. Reading one always fails.
     */
    @Override
    public Optional<Boolean> holds(Facts facts) {
        boolean holds = isTrue(facts, Set.of());
        List<String> unknown = attributes.stream()
                .filter(name -> ClientAttribute.of(name)
                        .filter(attribute -> facts.client().apply(attribute).isUnknown())
                        .isPresent())
                .toList();
        if (unknown.size() > MAX_UNKNOWN) {
            return Optional.empty();
        }
        try {
            for (Set<String> there : Sets.powerSet(Set.copyOf(unknown))) {
                if (!there.isEmpty() && isTrue(facts, there) != holds) {
                    return Optional.empty();
                }
            }
            return Optional.of(holds);
        } catch (EvaluationException e) {
            return Optional.empty();
        }
    }

    private boolean isTrue(Facts facts, Set<String> there) {
        return evaluate(new Variables(facts, there), facts.budget()).equals(true);
    }

    @Override
    public Object value(Facts facts) {
        return ClaimValue.of(evaluate(new Variables(facts, Set.of()), facts.budget()));
    }

    private Object evaluate(Variables variables, Budget budget) {
        try {
            return program.trace(variables.all(), new Meter(charges, budget));
        } catch (ExhaustedError e) {
            throw new EvaluationException(String.valueOf(e.getMessage()));
        } catch (CelEvaluationException e) {
            if (Throwables.getRootCause(e) instanceof EvaluationException ours) {
                throw ours;
            }
            String reason = PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
            throw new EvaluationException(
                    reason.contains(NO_KEY)
                            ? variables.missing().orElse(reason)
                            : reason.substring(0, Math.min(reason.length(), MAX_REASON)));
        }
    }
}
