package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The ConfigMaps and Secrets that are among the files, and which of them something refers to. */
final class Manifests {

    private static final String SECRET = "Secret";

    private final Map<String, DeclaredVariables> maps = new LinkedHashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    /** Whether a YAML document is a manifest of Cloud Run or Kubernetes. */
    static boolean isOne(JsonNode document) {
        return document.path("apiVersion").isTextual() && document.path("kind").isTextual();
    }

    /** Whether it holds values that others may refer to. */
    static boolean isMap(JsonNode manifest) {
        return manifest.path("kind").asText().equals("ConfigMap") || isSecret(manifest);
    }

    private static boolean isSecret(JsonNode manifest) {
        return manifest.path("kind").asText().equals(SECRET);
    }

    /** How messages name it: kind and name. */
    static String title(JsonNode manifest) {
        return title(
                manifest.path("kind").asText(),
                manifest.path("metadata").path("name").asText());
    }

    private static String title(String kind, String name) {
        return "the " + kind + " " + name;
    }

    private Manifests() {}

    /** Those in some files, with those that a kustomization makes. */
    static Manifests of(List<ValidatedFile> files) {
        Manifests manifests = new Manifests();
        for (ValidatedFile file : files) {
            for (JsonNode manifest : file.documents()) {
                if (isMap(manifest)) {
                    manifests.add(title(manifest), variables(manifest));
                }
                manifests.generate("ConfigMap", manifest.path("configMapGenerator"), file.name());
                manifests.generate("Secret", manifest.path("secretGenerator"), file.name());
            }
        }
        return manifests;
    }

    /** The map that a kustomization makes of files of variables, and of literals. */
    private void generate(String kind, JsonNode generators, String kustomization) {
        for (JsonNode generator : generators) {
            DeclaredVariables variables = new DeclaredVariables();
            Stream.concat(
                            generator.path("envs").valueStream(),
                            Stream.of(generator.path("env")).filter(JsonNode::isTextual))
                    .forEach(env -> readGenerated(
                            Path.of(kustomization).resolveSibling(env.asText()).toString(), variables));
            for (JsonNode named : generator.path("files")) {
                String[] parts = named.asText().split("=", 2);
                Path source = Path.of(kustomization).resolveSibling(parts[parts.length - 1]);
                readFile(parts.length < 2 ? String.valueOf(source.getFileName()) : parts[0], source, variables);
            }
            for (JsonNode literal : generator.path("literals")) {
                String[] parts = literal.asText().split("=", 2);
                variables.set(parts[0], parts.length < 2 ? "" : parts[1]);
            }
            if (kind.equals(SECRET)) {
                variables.hideAll();
            }
            add(title(kind, generator.path("name").asText()), variables);
        }
    }

    private static void readGenerated(String file, DeclaredVariables variables) {
        ValidatedFile read = ValidatedFile.read(file);
        if (read.kind() == ValidatedFile.Kind.VARIABLES) {
            variables.setAll(EnvironmentFile.read(read.text(), false), "");
        } else {
            variables.leaveOpen("is in " + file + " is not known: it cannot be read as a file of variables");
        }
    }

    private static void readFile(String key, Path source, DeclaredVariables variables) {
        try {
            variables.set(key, RegularFile.text(source, ConfigurationSource.MAX_MEBIBYTES));
        } catch (UnusableFileException e) {
            variables.setAtRunTime(key, "is in " + source + ", which " + e.problem());
        }
    }

    /** What a ConfigMap or a Secret holds. */
    static DeclaredVariables variables(JsonNode manifest) {
        return isSecret(manifest) ? ofSecret(manifest) : ofMap(manifest.path("data"));
    }

    private void add(String title, DeclaredVariables variables) {
        if (maps.put(title, variables) != null) {
            ambiguous.add(title);
        }
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

    /** What a ConfigMap or a Secret holds; empty where it is not among the files, or there more than once. */
    Optional<DeclaredVariables> find(String kind, String name) {
        String title = title(kind, name);
        used.add(title);
        return ambiguous.contains(title) ? Optional.empty() : Optional.ofNullable(maps.get(title));
    }

    /** Why there is none. */
    String missing(String kind, String name) {
        String title = title(kind, name);
        return title
                + (ambiguous.contains(title)
                        ? ", which is among the files more than once"
                        : ", which is not among the files");
    }

    /** Whether something has asked for it. */
    boolean isUsed(JsonNode manifest) {
        return used.contains(title(manifest));
    }
}
