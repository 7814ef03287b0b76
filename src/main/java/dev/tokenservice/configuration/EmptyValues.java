package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Looks for keys and groups of a tree that have nothing behind them. */
final class EmptyValues {

    private final ConfigurationModel<?> model;
    private final Problems problems;

    EmptyValues(ConfigurationModel<?> model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    /** Where a setting stands, an empty group is a value of the wrong kind. */
    void removeGroups(ObjectNode group, String prefix) {
        for (Map.Entry<String, JsonNode> member : List.copyOf(group.properties())) {
            String path = prefix + member.getKey();
            if (member.getValue() instanceof ObjectNode child && model.at(path).isEmpty()) {
                removeGroups(child, path + ".");
                if (child.isEmpty()) {
                    group.remove(member.getKey());
                }
            }
        }
    }

    /** A key without a value is neither the default nor anything else. */
    void noteMissing(ObjectNode node, String prefix) {
        for (Map.Entry<String, JsonNode> member : List.copyOf(node.properties())) {
            String path = prefix + member.getKey();
            if (member.getValue().isNull()) {
                problems.add(path, "has no value: set one, or remove the key");
                node.remove(member.getKey());
            } else if (member.getValue() instanceof ObjectNode child) {
                noteMissing(child, path + ".");
            } else if (member.getValue() instanceof ArrayNode list) {
                noteMissingItems(list, path);
            }
        }
    }

    private void noteMissingItems(ArrayNode list, String path) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.path(i).isNull()) {
                problems.add(path + "[" + i + "]", "has no value: set one, or remove the item");
                list.remove(i);
            }
        }
    }
}
