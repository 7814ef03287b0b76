package dev.tokenservice.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks the claim with the session tags of AWS STS: {@code principal_tags}, each a list of one text, and {@code
 * transitive_tag_keys}.
 */
final class SessionTags {

    static final String CLAIM = "https://aws.amazon.com/tags";

    private static final String TAGS = "principal_tags";
    private static final String TRANSITIVE = "transitive_tag_keys";

    private SessionTags() {}

    /** Returns the first problem that AWS would refuse; empty if the claim is valid. */
    static Optional<String> problem(Object claim) {
        if (!(claim instanceof Map<?, ?> members) || !(members.get(TAGS) instanceof Map<?, ?> tags)) {
            return Optional.of(CLAIM + " must be a map with the map " + TAGS);
        }
        Object transitive = members.get(TRANSITIVE);
        if (transitive != null
                && !(transitive instanceof List<?> keys && tags.keySet().containsAll(keys))) {
            return Optional.of(TRANSITIVE + " must be a list of keys of " + TAGS);
        }
        return Stream.concat(
                        Profile.AWS.problems(Measure.TAGS, "x".repeat(tags.size())),
                        tags.entrySet().stream().flatMap(tag -> problem(String.valueOf(tag.getKey()), tag.getValue())))
                .findFirst();
    }

    private static Stream<String> problem(String key, Object value) {
        if (!(value instanceof List<?> values) || values.size() != 1 || !(values.get(0) instanceof String text)) {
            return Stream.of("the session tag " + PolicyProblems.quoted(key) + " must be a list of one text");
        }
        return Stream.concat(Profile.AWS.problems(Measure.TAG_KEY, key), Profile.AWS.problems(Measure.TAG_VALUE, text));
    }
}
