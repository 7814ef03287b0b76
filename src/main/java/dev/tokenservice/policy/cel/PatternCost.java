package dev.tokenservice.policy.cel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cost of a regular expression. RE2 takes linear time, but expands counted quantifiers such as {@code {9}}. Those of
 * nested groups multiply, so that 15 characters could exhaust the memory.
 */
final class PatternCost {

    /** The highest allowed cost of a pattern, in characters. */
    static final long MOST = 20_000;

    private static final Pattern REPETITION = Pattern.compile("(\\)?)\\{([0-9]{1,4})(?:,([0-9]{0,4}))?}");

    private PatternCost() {}

    /** Returns the largest number of characters of a pattern after the expansion of its quantifiers. */
    static long of(String pattern) {
        Matcher repetitions = REPETITION.matcher(pattern);
        double ofGroups = 1;
        double ofCharacters = 1;
        while (repetitions.find()) {
            double times = Math.max(number(repetitions.group(2)), number(repetitions.group(3)));
            if (repetitions.group(1).isEmpty()) {
                ofCharacters = Math.max(ofCharacters, times);
            } else {
                ofGroups *= Math.max(1, times);
            }
        }
        return (long) (pattern.length() * ofGroups * ofCharacters);
    }

    private static int number(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
