package dev.tokenservice.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What was probably meant by a key or a value that is not known. */
public final class Suggestion {

    /** Shorter words are a part of everything. */
    private static final int MINIMUM_LENGTH = 3;

    private static final int LENGTH_OF_ONE_MISTAKE = 4;
    static final int LENGTH_OF_TWO_MISTAKES = 12;

    private Suggestion() {}

    /**
     * The end of a message, which asks whether the nearest of the known words was meant; empty if none is near, or it is
     * one of them.
     */
    public static String among(Collection<String> known, String found) {
        return of(known, found).map(meant -> "; did you mean " + meant + "?").orElse("");
    }

    /** Returns the nearest of the known words; empty if none is near, or it is one of them. */
    static Optional<String> of(Collection<String> known, String found) {
        return known.contains(found) ? Optional.empty() : nearest(known, fold(found));
    }

    private static Optional<String> nearest(Collection<String> known, String found) {
        int mistakes = found.length() >= LENGTH_OF_TWO_MISTAKES ? 2 : found.length() >= LENGTH_OF_ONE_MISTAKE ? 1 : 0;
        return misspelt(known, Suggestion::fold, found, mistakes).or(() -> onlyPart(known, found));
    }

    /**
     * Returns the known word that can be made of the one found with the fewest mistakes; of several the first by the
     * alphabet.
     */
    static Optional<String> misspelt(
            Collection<String> known, UnaryOperator<String> spelling, String found, int mostMistakes) {
        LevenshteinDistance distance = new LevenshteinDistance(mostMistakes);
        return known.stream()
                .sorted()
                .filter(word -> distance.apply(spelling.apply(word), found) >= 0)
                .min(Comparator.comparingInt(word -> distance.apply(spelling.apply(word), found)));
    }

    private static Optional<String> onlyPart(Collection<String> known, String found) {
        List<String> parts = known.stream()
                .filter(word -> isEndOf(fold(word), found) || isEndOf(found, fold(word)))
                .toList();
        return parts.size() == 1 ? Optional.of(parts.get(0)) : Optional.empty();
    }

    private static boolean isEndOf(String whole, String part) {
        return part.length() >= MINIMUM_LENGTH && (whole.startsWith(part) || whole.endsWith(part));
    }

    /** A word without what people write differently. */
    static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[_. -]", "");
    }
}
