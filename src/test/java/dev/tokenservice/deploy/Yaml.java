package dev.tokenservice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** YAML documents, and the form in which gcloud prints what there is. */
final class Yaml {

    private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());

    private Yaml() {}

    static JsonNode parse(String document) {
        try {
            return MAPPER.readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All documents of a file. */
    static List<JsonNode> documents(Path file) {
        try (MappingIterator<JsonNode> documents =
                MAPPER.readerFor(JsonNode.class).readValues(Files.readString(file))) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One entry for each leaf: its path, and its value the way gcloud's format {@code flattened} prints it. */
    static Map<String, String> flatten(JsonNode node) {
        Map<String, String> leaves = new TreeMap<>();
        flatten("", node, leaves);
        return leaves;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flatten(
                            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), leaves));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.path(i), leaves);
            }
        } else {
            leaves.put(path, printed(node));
        }
    }

    private static String printed(JsonNode leaf) {
        if (leaf.isBoolean()) {
            return leaf.booleanValue() ? "True" : "False";
        }
        String text = leaf.asText();
        return text.contains("\n") ? '"' + text.replace("\n", "\\n") + '"' : text;
    }

    /** The names in a list of environment variables. */
    static List<String> names(JsonNode variables) {
        return StreamSupport.stream(variables.spliterator(), false)
                .map(variable -> variable.path("name").textValue())
                .toList();
    }
}
