package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The variables of a map that a kustomization makes of files and literals. */
final class GeneratedVariables {

    private GeneratedVariables() {}

    static DeclaredVariables of(String kind, JsonNode generator, String kustomization) {
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
        if (kind.equals(Manifests.SECRET)) {
            variables.hideAll();
        }
        return variables;
    }

    private static void readGenerated(String file, DeclaredVariables variables) {
        ValidatedFile read = ValidatedFile.read(file);
        if (read.kind() == ValidatedFile.Kind.VARIABLES) {
            variables.setAll(EnvironmentFile.read(read.text(), false), "");
        } else {
            variables.leaveOpen("other variables can come from " + file + ", which is not a readable env file");
        }
    }

    private static void readFile(String key, Path source, DeclaredVariables variables) {
        try {
            variables.set(key, RegularFile.text(source, ConfigurationSource.MAX_MEBIBYTES));
        } catch (UnusableFileException e) {
            variables.setAtRunTime(key, "is in " + source + ", which " + e.problem());
        }
    }
}
