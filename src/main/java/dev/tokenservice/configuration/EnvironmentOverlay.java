package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.oauth.OAuthException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lays the environment over a parsed configuration. Values are data: each becomes one text, or a list of texts, at its
 * place in the tree. None is pasted into the file's text, and none is expanded again.
 */
final class EnvironmentOverlay {

    private final Map<String, String> environment;

    EnvironmentOverlay(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Changes the tree, and tells which variables could not be used. */
    List<Problem> applyTo(ObjectNode root) {
        List<Problem> problems = new ArrayList<>();
        Variables.ALL.forEach(variable -> apply(variable, root, problems));
        return problems;
    }

    private void apply(Variable variable, ObjectNode root, List<Problem> problems) {
        List<String> values = variable.names().stream()
                .filter(environment::containsKey)
                .map(environment::get)
                .toList();
        if (values.isEmpty()) {
            return;
        }
        if (values.stream().distinct().count() > 1) {
            String found = values.stream().map(OAuthException::quote).collect(Collectors.joining(" and "));
            problems.add(
                    new Problem(variable.path(), found, "the variables are both set and differ: unset one of them"));
            return;
        }
        String value = values.get(0);
        if (value.isBlank() && !variable.mayBeEmpty()) {
            problems.add(
                    new Problem(variable.path(), "", "the variable is set but empty: unset it, or give it a value"));
            return;
        }
        put(variable, value, root, problems);
    }

    private static void put(Variable variable, String value, ObjectNode root, List<Problem> problems) {
        String[] keys = variable.path().split("\\.");
        ObjectNode parent = root;
        for (String key : Arrays.copyOf(keys, keys.length - 1)) {
            JsonNode child = parent.path(key);
            if (!child.isMissingNode() && !child.isNull() && !child.isObject()) {
                problems.add(Problem.at(variable.path(), child, key + " must be a group of settings"));
                return;
            }
            parent = child.isObject() ? (ObjectNode) child : parent.putObject(key);
        }
        String key = keys[keys.length - 1];
        if (variable.isList()) {
            ArrayNode list = parent.putArray(key);
            if (!value.isBlank()) {
                Arrays.stream(value.split(",", -1)).map(String::strip).forEach(list::add);
            }
        } else {
            parent.put(key, value);
        }
    }
}
