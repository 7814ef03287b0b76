package dev.tokenservice.policy.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.ExpressionException.Problem;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles expressions, and checks their types. Expressions can read {@code client}, {@code request}, {@code now}, and the
 * rows that a rule found. Not thread-safe.
 */
public final class Expressions {

    static final String CLIENT = "client";
    static final String REQUEST = "request";
    static final String NOW = "now";

    private static final int MAX_LENGTH = 4096;
    private static final int MAX_ITERATIONS = 1000;

    private static final ImmutableMap<String, CelType> REQUEST_FIELDS = ImmutableMap.of(
            "audience", SimpleType.STRING,
            "relyingParty", SimpleType.STRING,
            "scopes", ListType.create(SimpleType.STRING),
            "serviceAccount", SimpleType.STRING);

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(ExpressionChecks.MAX_DEPTH)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .build();

    private static final Map<String, CelType> STRUCTS = structs();

    /** The environments, by the names of their rows. */
    private final Map<Set<String>, Cel> environments = new HashMap<>();

    private final Patterns patterns = new Patterns();

    /** The purpose of an expression, which decides its allowed types. */
    public enum Purpose {
        /** A boolean. */
        CONDITION,
        /** A value in a token. */
        CLAIM
    }

    /**
     * Compiles an expression.
     *
     * @param rows the names of the rows that the expression can read
     * @throws ExpressionException with all problems
     */
    public Expression compile(String text, Purpose purpose, Set<String> rows) throws ExpressionException {
        if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
            throw failure(0, "an expression has at most " + MAX_LENGTH + " characters");
        }
        try {
            Cel cel = environments.computeIfAbsent(Set.copyOf(rows), this::environment);
            CelAbstractSyntaxTree tree = cel.compile(text).getAst();
            ExpressionChecks checks = new ExpressionChecks(tree, rows, patterns);
            List<Problem> problems = checks.problems();
            if (!problems.isEmpty()) {
                throw new ExpressionException(problems);
            }
            checkType(tree.getResultType(), purpose);
            return new CompiledExpression(
                    cel.createProgram(tree), new Charges(tree, patterns), checks.columns(), checks.attributes());
        } catch (CelValidationException e) {
            throw new ExpressionException(CompilerMessages.of(e, text));
        } catch (CelEvaluationException e) {
            throw failure(0, "the expression cannot be used: " + e.getMessage());
        }
    }

    private static void checkType(CelType type, Purpose purpose) throws ExpressionException {
        if (purpose == Purpose.CONDITION && !type.equals(SimpleType.BOOL)) {
            throw failure(0, "the expression must be true or false, and is of type " + type.name());
        }
        boolean isClaim =
                List.of(SimpleType.STRING, SimpleType.INT, SimpleType.BOOL).contains(type)
                        || type instanceof ListType
                        || (type instanceof MapType map && map.keyType().equals(SimpleType.STRING))
                        || type.equals(MapType.create(SimpleType.DYN, SimpleType.DYN));
        if (purpose == Purpose.CLAIM && !isClaim) {
            throw failure(
                    0,
                    "a claim must be of type string, int, bool, list, or map with texts as keys, and is of type "
                            + type.name());
        }
    }

    private static ExpressionException failure(int offset, String what) {
        return new ExpressionException(List.of(new Problem(offset, what)));
    }

    private Cel environment(Set<String> rows) {
        CelBuilder builder = CelFactory.legacyCelBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(new Structs())
                .addVar(CLIENT, STRUCTS.get(CLIENT))
                .addVar(REQUEST, STRUCTS.get(REQUEST))
                .addVar(NOW, SimpleType.TIMESTAMP);
        rows.forEach(row -> builder.addVar(row, MapType.create(SimpleType.STRING, SimpleType.STRING)));
        IpFunctions.addTo(builder);
        patterns.addTo(builder);
        return builder.build();
    }

    private static Map<String, CelType> structs() {
        Map<String, CelType> fields = new LinkedHashMap<>();
        Arrays.stream(ClientAttribute.values()).forEach(attribute -> fields.put(attribute.key(), type(attribute)));
        return Map.of(CLIENT, struct(CLIENT, ImmutableMap.copyOf(fields)), REQUEST, struct(REQUEST, REQUEST_FIELDS));
    }

    private static CelType type(ClientAttribute attribute) {
        return switch (attribute.kind()) {
            case TEXT -> SimpleType.STRING;
            case TEXTS -> ListType.create(SimpleType.STRING);
            case TIME -> SimpleType.TIMESTAMP;
        };
    }

    private static CelType struct(String name, ImmutableMap<String, CelType> fields) {
        return StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
    }

    static List<String> requestFields() {
        return REQUEST_FIELDS.keySet().stream().sorted().toList();
    }

    /** The types of objects with attributes. */
    private static final class Structs implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(STRUCTS.values());
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(STRUCTS.get(name));
        }
    }
}
