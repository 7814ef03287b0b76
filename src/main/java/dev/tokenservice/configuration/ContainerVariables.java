package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The variables of one container, with those that it takes from ConfigMaps and Secrets. */
final class ContainerVariables {

    private final Manifests manifests;
    private final DeclaredVariables variables = new DeclaredVariables();

    private ContainerVariables(Manifests manifests) {
        this.manifests = manifests;
    }

    /** Reads {@code envFrom} and {@code env}, of which the latter goes before. */
    static DeclaredVariables of(JsonNode container, Manifests manifests) {
        ContainerVariables reader = new ContainerVariables(manifests);
        container.path("envFrom").forEach(reader::readAll);
        Set<String> seen = new HashSet<>();
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asText();
            if (!seen.add(name)) {
                reader.variables.refuse(name + ": is set twice: remove one of them");
            }
            reader.read(name, variable);
        }
        return reader.variables;
    }

    /** Returns the pods of a workload, wherever its kind keeps what they are made of. */
    static List<JsonNode> pods(JsonNode manifest) {
        return manifest.findParents("containers");
    }

    private void readAll(JsonNode source) {
        boolean secret = source.has("secretRef");
        String kind = secret ? "Secret" : "ConfigMap";
        JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
        String name = reference.path("name").asText();
        Optional<DeclaredVariables> found = manifests.find(kind, name);
        if (found.isPresent()) {
            variables.setAll(found.get(), source.path("prefix").asText());
        } else {
            variables.leaveOpen("other variables can come from " + manifests.missing(kind, name)
                    + (reference.path("optional").asBoolean() ? "; it is optional" : ""));
        }
    }

    private void read(String name, JsonNode variable) {
        JsonNode from = variable.path("valueFrom");
        JsonNode value = variable.path("value");
        if (from.has("secretKeyRef")) {
            readKey(name, "Secret", from.path("secretKeyRef"));
        } else if (from.has("configMapKeyRef")) {
            readKey(name, "ConfigMap", from.path("configMapKeyRef"));
        } else if (variable.has("valueFrom")) {
            variables.setAtRunTime(name, "comes from the downward API or another source of the platform");
        } else if (value.isMissingNode() || value.isTextual()) {
            MapVariables.set(variables, name, value.asText());
        } else {
            variables.refuse(name + ": the value must be a text: put it in quotes");
        }
    }

    private void readKey(String name, String kind, JsonNode reference) {
        String map = reference.path("name").asText();
        String key = reference.path("key").asText();
        boolean optional = reference.path("optional").asBoolean();
        Optional<DeclaredVariables> found = manifests.find(kind, map);
        if (found.isEmpty()) {
            variables.setAtRunTime(
                    name, "comes from " + manifests.missing(kind, map) + (optional ? "; it is optional" : ""));
        } else if (found.get().has(key)) {
            variables.setAs(name, found.get(), key);
        } else if (!optional) {
            variables.refuse(name + ": the " + kind + " " + map + " has no key " + key);
        }
    }
}
