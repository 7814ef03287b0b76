package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.oauth.Quoted;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Overrides a parsed configuration with the environment. Values are data: each becomes one text, or a list of texts, at its
 * place in the tree. None is pasted into the file's text, and none is expanded again.
 */
record EnvironmentOverlay(Map<String, String> environment, Problems problems) {

    /** Changes the tree, and notes which variables cannot be used. */
    void apply(List<Setting> settings, ObjectNode root) {
        settings.forEach(setting -> apply(setting, root));
    }

    private void apply(Setting setting, ObjectNode root) {
        List<String> values = setting.variables().stream()
                .filter(environment::containsKey)
                .map(environment::get)
                .toList();
        if (values.isEmpty()) {
            return;
        }
        if (values.stream().distinct().count() > 1) {
            String found = values.stream().map(Quoted::of).collect(Collectors.joining(" and "));
            problems.add(setting.path(), found, "the variables are both set and differ: unset one of them");
            return;
        }
        String value = values.get(0);
        if (value.isBlank() && !setting.mayBeEmpty()) {
            problems.add(setting.path(), "the variable is set but empty: unset it, or set a value");
            return;
        }
        put(setting, value, root);
    }

    static void put(Setting setting, String value, ObjectNode root) {
        String[] keys = setting.path().split("\\.");
        ObjectNode parent = root;
        for (String key : Arrays.copyOf(keys, keys.length - 1)) {
            parent = parent.path(key) instanceof ObjectNode group ? group : parent.putObject(key);
        }
        String key = keys[keys.length - 1];
        if (setting.isList()) {
            ArrayNode list = parent.putArray(key);
            if (!value.isBlank()) {
                Arrays.stream(value.split(",", -1)).map(String::strip).forEach(list::add);
            }
        } else {
            parent.put(key, value);
        }
    }
}
