package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ConfigMaps and Secrets that are among the files, and which of them something refers to. */
final class Manifests {

    static final String SECRET = "Secret";

    private final Map<String, DeclaredVariables> maps = new LinkedHashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    /** Returns whether a YAML document is a manifest of Cloud Run or Kubernetes. */
    static boolean isOne(JsonNode document) {
        return document.path("apiVersion").isTextual() && document.path("kind").isTextual();
    }

    /** Returns whether it holds values that others may refer to. */
    static boolean isMap(JsonNode manifest) {
        return manifest.path("kind").asText().equals("ConfigMap") || isSecret(manifest);
    }

    static boolean isSecret(JsonNode manifest) {
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

    /** Returns those in some files, with those that a kustomization makes. */
    static Manifests of(List<ValidatedFile> files) {
        Manifests manifests = new Manifests();
        for (ValidatedFile file : files) {
            for (JsonNode manifest : file.documents()) {
                if (isMap(manifest)) {
                    manifests.add(title(manifest), MapVariables.of(manifest));
                }
                manifests.generate("ConfigMap", manifest.path("configMapGenerator"), file.name());
                manifests.generate("Secret", manifest.path("secretGenerator"), file.name());
            }
        }
        return manifests;
    }

    private void generate(String kind, JsonNode generators, String kustomization) {
        for (JsonNode generator : generators) {
            add(title(kind, generator.path("name").asText()), GeneratedVariables.of(kind, generator, kustomization));
        }
    }

    private void add(String title, DeclaredVariables variables) {
        if (maps.put(title, variables) != null) {
            ambiguous.add(title);
        }
    }

    /** What a ConfigMap or a Secret holds; empty if it is not among the files, or there more than once. */
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

    /** Returns whether something has asked for it. */
    boolean isUsed(JsonNode manifest) {
        return used.contains(title(manifest));
    }
}
