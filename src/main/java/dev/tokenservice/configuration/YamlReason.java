package dev.tokenservice.configuration;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What is wrong with a text that is not YAML, in the words of somebody who writes it, and not of somebody who parses it. */
public final class YamlReason {

    /** By a part of what the parser says. */
    private static final List<Map.Entry<String, String>> REASONS = List.of(
            entry("(TAB)", "a tab: YAML is indented with spaces"),
            entry(
                    "mapping values are not allowed here",
                    "a colon that does not fit: put a value with a colon in quotes, and the keys of a group on lines of their "
                            + "own"),
            entry(
                    "but found '<block mapping start>'",
                    "the indentation fits none of the lines above: all keys of a group begin in the same column"),
            entry(
                    "expected <block end>",
                    "something that does not belong here: see whether a quote before it closes too early"),
            entry("expected ',' or", "a bracket that is not closed"),
            entry("that cannot start any token", "a character that no value begins with: put the value in quotes"));

    private YamlReason() {}

    /** Returns the reason, and the place. */
    static String of(MarkedYAMLException failure) {
        Mark mark = mark(failure);
        return reason(failure) + (mark == null ? "" : place(mark));
    }

    /** Returns the reason alone. */
    public static String reason(MarkedYAMLException failure) {
        if (isOpenQuote(failure)) {
            return "a quote that is not closed";
        }
        String problem = failure.getProblem() == null ? "it breaks off" : failure.getProblem();
        return REASONS.stream()
                .filter(known -> problem.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> problem.lines().findFirst().orElse(""));
    }

    /** Where to look: a quote that is not closed is missed at the end of the file. */
    public static @Nullable Mark mark(MarkedYAMLException failure) {
        return isOpenQuote(failure) ? failure.getContextMark() : failure.getProblemMark();
    }

    private static boolean isOpenQuote(MarkedYAMLException failure) {
        return String.valueOf(failure.getContext()).contains("quoted scalar") && failure.getContextMark() != null;
    }

    /** Lines and columns as editors count them. */
    static String place(Mark mark) {
        return " (line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ")";
    }
}
