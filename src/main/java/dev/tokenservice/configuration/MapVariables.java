package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The variables of a ConfigMap or a Secret. */
final class MapVariables {

    private MapVariables() {}

    static DeclaredVariables of(JsonNode manifest) {
        return Manifests.isSecret(manifest) ? ofSecret(manifest) : ofMap(manifest.path("data"));
    }

    private static DeclaredVariables ofMap(JsonNode data) {
        DeclaredVariables variables = new DeclaredVariables();
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            if (entry.getValue().isTextual()) {
                set(variables, entry.getKey(), entry.getValue().textValue());
            } else {
                variables.refuse(entry.getKey() + ": the value must be a text: put it in quotes");
            }
        }
        return variables;
    }

    private static DeclaredVariables ofSecret(JsonNode manifest) {
        DeclaredVariables variables = new DeclaredVariables();
        for (Map.Entry<String, JsonNode> entry : manifest.path("data").properties()) {
            try {
                byte[] content = Base64.getDecoder().decode(entry.getValue().asText());
                variables.setHidden(entry.getKey(), new String(content, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                variables.refuse(entry.getKey() + ": the value under data must be base64; stringData takes plain text");
            }
        }
        for (Map.Entry<String, JsonNode> entry : manifest.path("stringData").properties()) {
            variables.setHidden(entry.getKey(), entry.getValue().asText());
        }
        return variables;
    }

    /** Sets a variable, unless its value is put together elsewhere. */
    static void set(DeclaredVariables variables, String name, String value) {
        if (value.contains("$(") || value.contains("${") || value.contains("{{")) {
            variables.setAtRunTime(name, "holds a placeholder that is filled in later");
        } else {
            variables.set(name, value);
        }
    }
}
