package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/** The variables of one service in a compose file (compose-spec, environment). */
final class ComposeVariables {

    private ComposeVariables() {}

    /** Reads {@code environment}, in both of its forms. */
    static DeclaredVariables of(JsonNode service) {
        DeclaredVariables variables = new DeclaredVariables();
        JsonNode environment = service.path("environment");
        for (Map.Entry<String, JsonNode> entry : environment.properties()) {
            set(variables, entry.getKey(), entry.getValue());
        }
        if (environment.isArray()) {
            for (JsonNode entry : environment) {
                String[] parts = entry.asText().split("=", 2);
                set(variables, parts[0], parts.length < 2 ? NullNode.instance : TextNode.valueOf(parts[1]));
            }
        }
        if (service.has("env_file")) {
            variables.leaveOpen("other variables can come from env_file, which Compose reads in its own syntax");
        }
        return variables;
    }

    private static void set(DeclaredVariables variables, String name, JsonNode value) {
        if (value.isNull()) {
            variables.setAtRunTime(name, "comes from the environment in which the container is started");
        } else {
            MapVariables.set(variables, name, value.asText());
        }
    }
}
