package dev.tokenservice.policy;

import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A limit of a relying party.
 *
 * @param measure what it limits
 * @param most the largest length
 * @param form a pattern that it must also match
 * @param allowed what is allowed, in words
 * @param source the URL of the vendor's page that states the limit
 * @param read when the page was read
 */
public record Limit(Measure measure, int most, Pattern form, String allowed, String source, LocalDate read) {

    private static final Pattern ANY = Pattern.compile(".*", Pattern.DOTALL);

    static Limit most(Measure measure, int most, String source, LocalDate read) {
        return new Limit(measure, most, ANY, "at most " + most + " " + measure.unit(), source, read);
    }

    static Limit form(Measure measure, String form, String allowed, String source, LocalDate read) {
        return new Limit(measure, Integer.MAX_VALUE, Pattern.compile(form), allowed, source, read);
    }

    /** Returns how a value exceeds the limit; empty if it does not. */
    Optional<String> problem(String value) {
        int length = measure.length(value);
        if (length > most) {
            return Optional.of(measure.noun() + " has " + length + " " + measure.unit() + ", " + because());
        }
        return form.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(measure.noun() + " is " + PolicyProblems.quoted(value) + ", " + because());
    }

    private String because() {
        return "and must be " + allowed + " (" + source + ", read on " + read + ")";
    }
}
