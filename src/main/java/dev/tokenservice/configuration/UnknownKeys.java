package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.oauth.Quoted;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keys that name no setting, and groups of settings that are none. Of the framework's own few apply. */
final class UnknownKeys {

    private final ConfigurationModel<?> model;
    private final Problems problems;

    UnknownKeys(ConfigurationModel<?> model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    /** Takes both out of the tree, and notes which they were. The values of unknown keys may be anything, and are not repeated. */
    void removeFrom(ObjectNode root) {
        remove(root, "");
    }

    private void remove(ObjectNode group, String prefix) {
        Set<String> known = model.keys(prefix);
        for (Map.Entry<String, JsonNode> member : List.copyOf(group.properties())) {
            String key = member.getKey();
            if (!known.contains(key)) {
                problems.add(
                        prefix + printable(key),
                        FrameworkKeys.instead(prefix + key)
                                .map("Dropwizard's key does not apply here: "::concat)
                                .orElseGet(() -> "the key is unknown; the known keys here are " + known
                                        + hint(known, prefix, key)));
                group.remove(key);
            } else if (model.at(prefix + key).isEmpty()) {
                removeFromGroup(group, key, prefix);
            }
        }
    }

    private String hint(Set<String> known, String prefix, String key) {
        if (prefix.isEmpty() && key.startsWith("x-")) {
            return "; keys with x- are for YAML anchors, which this file cannot have: write each value where it "
                    + "belongs";
        }
        return known.stream().anyMatch(other -> Suggestion.fold(other).equals(Suggestion.fold(key)))
                ? Suggestion.among(known, key)
                : model.meantBy(key)
                        .map(Setting::path)
                        .map(path -> path.startsWith(prefix) ? path.substring(prefix.length()) : path)
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElseGet(() -> Suggestion.among(known, key));
    }

    private void removeFromGroup(ObjectNode parent, String key, String prefix) {
        JsonNode group = parent.path(key);
        if (group instanceof ObjectNode settings) {
            remove(settings, prefix + key + ".");
        } else if (!group.isNull()) {
            problems.add(prefix + key, group, "must be a group of settings");
            parent.remove(key);
        }
    }

    private static String printable(String key) {
        return key.chars().allMatch(c -> c > ' ' && c <= '~') ? key : Quoted.of(key);
    }
}
