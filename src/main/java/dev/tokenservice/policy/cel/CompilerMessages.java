package dev.tokenservice.policy.cel;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.ExpressionException.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates messages of the CEL compiler into terms of the policy. */
final class CompilerMessages {

    private static final Pattern UNDEFINED_FIELD = Pattern.compile("undefined field '(\\w+)'");
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']+)'");
    private static final Pattern EXPECTED = Pattern.compile(" expecting .*");
    private static final String DEPTH = "recursion limit exceeded";

    private CompilerMessages() {}

    static List<Problem> of(CelValidationException failure, String text) {
        return failure.getErrors().stream().map(issue -> problem(issue, text)).toList();
    }

    private static Problem problem(CelIssue issue, String text) {
        int offset = offset(issue.getSourceLocation(), text);
        return new Problem(offset, "the expression is invalid: " + message(issue.getMessage(), text, offset));
    }

    /** Returns the offset of a place. The library counts lines from 1, and columns from 0. */
    private static int offset(CelSourceLocation place, String text) {
        int offset = 0;
        for (int line = 1; line < place.getLine(); line++) {
            offset = text.indexOf('\n', offset) + 1;
        }
        return Math.min(Math.max(offset + place.getColumn(), 0), text.length());
    }

    private static String message(String issue, String text, int offset) {
        Matcher field = UNDEFINED_FIELD.matcher(issue);
        if (field.find()) {
            boolean ofRequest = text.substring(0, offset).endsWith(Expressions.REQUEST);
            List<String> known = ofRequest ? Expressions.requestFields() : ClientAttribute.keys();
            return (ofRequest ? Expressions.REQUEST : Expressions.CLIENT) + "." + field.group(1)
                    + " is unknown; known: " + String.join(", ", known) + Suggestion.among(known, field.group(1));
        }
        Matcher name = UNDECLARED.matcher(issue);
        if (name.find()) {
            return name.group(1) + " is unknown";
        }
        return issue.contains(DEPTH)
                ? "it is more than " + ExpressionChecks.MAX_DEPTH + " levels deep"
                : EXPECTED.matcher(issue).replaceAll("").replace("'<EOF>'", "end");
    }
}
