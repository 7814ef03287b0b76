package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Values of a configuration file that somebody expects to be expanded, as other Dropwizard services do it. Nothing is expanded
 * here, and a value that was taken literally would be another one than is meant: a secret that anybody can guess, say.
 */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_.]{0,100}(?::?-[^}]*)?}");

    private final ConfigurationModel<?> model;
    private final Problems problems;

    Placeholders(ConfigurationModel<?> model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    /** Takes such values out of a file's tree, and notes where they were. */
    void removeFrom(ObjectNode root) {
        remove(root, "");
    }

    private void remove(ObjectNode group, String prefix) {
        for (Map.Entry<String, JsonNode> member : List.copyOf(group.properties())) {
            String path = prefix + member.getKey();
            if (member.getValue() instanceof ObjectNode settings) {
                remove(settings, path + ".");
            } else if (isMeantToBeExpanded(member.getValue(), path)) {
                problems.add(
                        path,
                        member.getValue(),
                        "${...} is not expanded in this file: remove the key, and set "
                                + model.at(path)
                                        .map(setting -> String.join(" or ", setting.variables()))
                                        .orElse("the variable"));
                group.remove(member.getKey());
            }
        }
    }

    private boolean isMeantToBeExpanded(JsonNode value, String path) {
        if (value instanceof ArrayNode list) {
            return StreamSupport.stream(list.spliterator(), false).anyMatch(item -> isMeantToBeExpanded(item, path));
        }
        // A secret may hold anything, but is not to be the name of one.
        return value.isTextual()
                && (model.mayHoldSecret(path)
                        ? PLACEHOLDER.matcher(value.textValue()).matches()
                        : PLACEHOLDER.matcher(value.textValue()).find());
    }
}
