package dev.tokenservice.policy;

import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.oauth.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template of names: literal text, and placeholders such as {@code {client.cn}}. Different lists of values never give the
 * same name.
 *
 * @param text the template as it is written
 * @param parts the placeholders, as the text between their braces, and the literal texts, in their order
 */
record Template(String text, List<Part> parts) {

    /** A literal text, or the name in a placeholder. */
    record Part(boolean placeholder, String value) {}

    /**
     * Splits a text.
     *
     * @param owners the words allowed before the dot of a placeholder; other text in braces stays literal
     */
    static Template parse(String text, List<String> owners) {
        Pattern placeholder = Pattern.compile("\\{((?:" + String.join("|", owners) + ")\\.[A-Za-z0-9_-]+)}");
        List<Part> parts = new ArrayList<>();
        Matcher matcher = placeholder.matcher(text);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() > end) {
                parts.add(new Part(false, text.substring(end, matcher.start())));
            }
            parts.add(new Part(true, matcher.group(1)));
            end = matcher.end();
        }
        if (end < text.length()) {
            parts.add(new Part(false, text.substring(end)));
        }
        return new Template(text, List.copyOf(parts));
    }

    /** Returns the names in its placeholders. */
    List<String> named() {
        return parts.stream().filter(Part::placeholder).map(Part::value).toList();
    }

    /** Returns the number of literal characters, which every name has. */
    int literalLength() {
        return parts.stream()
                .filter(part -> !part.placeholder())
                .mapToInt(part -> part.value().length())
                .sum();
    }

    /** Returns what is wrong with it; empty if it is valid. */
    Optional<String> problem() {
        if (named().isEmpty()) {
            return Optional.of(
                    "must contain a placeholder such as {client.spiffe}, or all clients would have the same name");
        }
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.placeholder() && i + 1 < parts.size() && parts.get(i + 1).placeholder()) {
                return Optional.of("must have a literal text between two placeholders, such as /");
            }
            if (!part.placeholder() && (part.value().matches(".*[{}].*") || !DirectoryName.isPlain(part.value()))) {
                return Optional.of("holds " + PolicyProblems.quoted(part.value())
                        + ": a placeholder is {client.NAME}, and the rest printable ASCII without braces");
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the name for the given values.
     *
     * @param value returns the value of a placeholder
     * @param unusable returns the refusal of a value that would make the name ambiguous
     * @throws RefusedException from {@code value} or {@code unusable}
     */
    String fill(UnaryOperator<String> value, Function<String, RefusedException> unusable) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            String filled = part.placeholder() ? value.apply(part.value()) : part.value();
            if (part.placeholder() && i + 1 < parts.size()) {
                // The end of the value and the literal together can contain the literal earlier, such as "a/" before
                // "//".
                String literal = parts.get(i + 1).value();
                if ((filled + literal).indexOf(literal) < filled.length()) {
                    throw unusable.apply(
                            "the value of {" + part.value() + "} contains the text that follows the placeholder");
                }
            }
            name.append(filled);
        }
        return name.toString();
    }
}
