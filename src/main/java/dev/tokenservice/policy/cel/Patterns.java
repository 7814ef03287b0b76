package dev.tokenservice.policy.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.bundle.CelBuilder;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The regular expressions of a policy, each compiled once. The library would compile them for each call of {@code matches}.
 * One thread adds patterns, then many threads use them.
 */
final class Patterns {

    /** The limit of all patterns together, in instructions; needs some 30 MB. */
    private static final int MOST = 300_000;

    private final Map<String, Pattern> compiled = new ConcurrentHashMap<>();
    private int size;

    /** Adds a pattern of an expression; returns what is wrong with it. */
    Optional<String> add(String pattern) {
        if (compiled.containsKey(pattern)) {
            return Optional.empty();
        }
        if (PatternCost.of(pattern) > PatternCost.MOST) {
            return Optional.of("the pattern of matches() repeats too much: write it with smaller numbers in braces");
        }
        try {
            Pattern read = Pattern.compile(pattern);
            if (size + read.programSize() > MOST) {
                return Optional.of(
                        "the patterns of matches() in this policy are too many, or repeat too much: together "
                                + "they take more than " + MOST + " instructions");
            }
            size += read.programSize();
            compiled.put(pattern, read);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of("the pattern of matches() is not RE2: " + e.getMessage());
        }
    }

    /** Returns the number of instructions of a pattern. */
    int size(String pattern) {
        return read(pattern).programSize();
    }

    /** Returns the functions with which the library uses these patterns. */
    @SuppressWarnings("Immutable") // As the library asks of a function: what a pattern matches never changes.
    void addTo(CelBuilder builder) {
        builder.setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder().build())
                .setStandardFunctions(CelStandardFunctions.newBuilder()
                        .excludeFunctions(StandardFunction.MATCHES)
                        .build())
                .addFunctionBindings(
                        CelFunctionBinding.from(ExpressionChecks.MATCHES, String.class, String.class, this::matches),
                        CelFunctionBinding.from("matches_string", String.class, String.class, this::matches));
    }

    private boolean matches(String text, String pattern) {
        return read(pattern).matcher(text).find();
    }

    private Pattern read(String pattern) {
        Pattern read = compiled.get(pattern);
        if (read == null) {
            throw new IllegalStateException("every pattern is read with its expression");
        }
        return read;
    }
}
