package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file that is validated, and what it is by its content.
 *
 * @param name as it was given, or found
 * @param text the whole text; of an unreadable file the reason
 * @param documents the manifests in it, or else all YAML documents
 */
record ValidatedFile(String name, Kind kind, String text, List<JsonNode> documents) {

    private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);

    /** What a file is. */
    enum Kind {
        UNREADABLE,
        /** Of Helm or another program that fills in what stands in braces: no YAML yet. */
        TEMPLATE,
        VARIABLES,
        MANIFESTS,
        COMPOSE,
        UNIT,
        POLICY,
        /** What {@code policy test} holds a policy to. */
        CASES,
        /** Of pre-commit, beside a policy. */
        HOOKS,
        CONFIGURATION
    }

    static ValidatedFile read(String path) {
        String text;
        try {
            text = RegularFile.text(Path.of(path), ConfigurationSource.MAX_MEBIBYTES);
        } catch (InvalidPathException e) {
            return new ValidatedFile(
                    path, Kind.UNREADABLE, "cannot be named in this locale: set LANG=C.UTF-8", List.of());
        } catch (UnusableFileException e) {
            return new ValidatedFile(path, Kind.UNREADABLE, e.problem(), List.of());
        }
        if (path.endsWith(".service")) {
            return new ValidatedFile(path, Kind.UNIT, text, List.of());
        }
        return EnvironmentFile.isOne(text)
                ? new ValidatedFile(path, Kind.VARIABLES, text, List.of())
                : ofYaml(path, text);
    }

    private static ValidatedFile ofYaml(String path, String text) {
        try {
            List<JsonNode> documents = YAML.<JsonNode>readValues(text).readAll();
            List<JsonNode> manifests = documents.stream()
                    .flatMap(ValidatedFile::items)
                    .filter(Manifests::isOne)
                    .toList();
            if (!manifests.isEmpty()) {
                return new ValidatedFile(path, Kind.MANIFESTS, text, manifests);
            }
            return new ValidatedFile(path, kind(documents), text, documents);
        } catch (JsonProcessingException e) {
            // Of a configuration file the loader says what is wrong with it.
            return new ValidatedFile(path, text.contains("{{") ? Kind.TEMPLATE : Kind.CONFIGURATION, text, List.of());
        } catch (IOException e) {
            throw new IllegalStateException("a text can be read", e);
        }
    }

    private static Kind kind(List<JsonNode> documents) {
        if (documents.stream().anyMatch(document -> document.path("services").isObject())) {
            return Kind.COMPOSE;
        }
        if (documents.stream().anyMatch(document -> document.has("version") && document.has("rules"))) {
            return Kind.POLICY;
        }
        if (documents.stream().anyMatch(document -> document.path("cases").isArray())) {
            return Kind.CASES;
        }
        return documents.stream().anyMatch(document -> document.path("repos").isArray())
                ? Kind.HOOKS
                : Kind.CONFIGURATION;
    }

    private static Stream<JsonNode> items(JsonNode document) {
        return document.path("kind").asText().equals("List")
                ? document.path("items").valueStream()
                : Stream.of(document);
    }

    /** Whether it is a file for this service, and not another one that lies beside. */
    boolean isOurs(ConfigurationModel<?> model) {
        return switch (kind) {
            case CASES, HOOKS -> false;
            case CONFIGURATION ->
                documents.stream().anyMatch(document -> model.keys("").stream().anyMatch(document::has));
            default -> true;
        };
    }
}
