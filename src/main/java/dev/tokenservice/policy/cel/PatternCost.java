package dev.tokenservice.policy.cel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pattern can cost. RE2 takes time in proportion to the length of a text, but writes counted repetitions out: those of groups
 * within groups multiply, and fifteen characters can fill the memory.
 */
final class PatternCost {

    /** The library compiles a pattern each time that it is used. */
    static final long MOST = 20_000;

    private static final Pattern REPETITION = Pattern.compile("(\\)?)\\{([0-9]{1,4})(?:,([0-9]{0,4}))?}");

    private PatternCost() {}

    /** How many characters a pattern has at most when its repetitions are written out. */
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
