package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import io.dropwizard.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Validates a file as a start with it would, whatever kind of file it is. What kind that is, its content tells. */
final class FileValidation {

    private static final int MAX_MEBIBYTES = 1;
    private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);

    private final Loader loader;

    /** Loads the configuration as a start does. */
    interface Loader {

        /** From a configuration file, with no environment. */
        void file(String file) throws IOException, ConfigurationException;

        /** From the environment, laid over the configuration file that the service is started with. */
        void environment(Map<String, String> environment) throws IOException, ConfigurationException;
    }

    private interface Load {
        void run() throws IOException, ConfigurationException;
    }

    FileValidation(Loader loader) {
        this.loader = loader;
    }

    /** What is wrong, a line each: the setting, and what about it. */
    List<String> problems(String file) {
        String text;
        try {
            text = RegularFile.text(Path.of(file), MAX_MEBIBYTES);
        } catch (InvalidPathException e) {
            return List.of("cannot be named in this locale: set LANG=C.UTF-8");
        } catch (UnusableFileException e) {
            return List.of(
                    String.valueOf(e.getMessage()).substring(file.length()).strip());
        }
        if (DeclaredVariables.isEnvFile(text)) {
            return problems(DeclaredVariables.ofEnvFile(text));
        }
        List<JsonNode> manifests = manifests(text);
        if (manifests.isEmpty()) {
            return problems(() -> loader.file(file)).stream()
                    // What is wrong with the file as a whole stands behind its name, which the caller writes.
                    .map(problem -> problem.path().equals(file) ? problem.allowed() : problem.line())
                    .toList();
        }
        return manifests.stream()
                .flatMap(manifest -> manifest.findParents("env").stream())
                .map(DeclaredVariables::ofContainer)
                .flatMap(variables -> problems(variables).stream())
                .toList();
    }

    private static List<JsonNode> manifests(String text) {
        try {
            List<JsonNode> documents = YAML.<JsonNode>readValues(text).readAll();
            return documents.stream().filter(DeclaredVariables::isManifest).toList();
        } catch (JsonProcessingException e) {
            // No manifest either: the loader says what is wrong with it.
            return List.of();
        } catch (IOException e) {
            throw new IllegalStateException("a text can be read", e);
        }
    }

    private List<String> problems(DeclaredVariables variables) {
        List<String> problems = new ArrayList<>(variables.problems());
        NearMisses.among(variables.names())
                .forEach((name, meant) ->
                        problems.add(name + ": is not known and has no effect: did you mean " + meant + "?"));
        problems(() -> loader.environment(variables.environment())).stream()
                .filter(problem -> Variables.ofPath(problem.path())
                        .filter(variable -> variable.names().stream().anyMatch(variables.atRunTime()::contains))
                        .isEmpty())
                .map(Problem::line)
                .forEach(problems::add);
        return problems;
    }

    private static List<Problem> problems(Load load) {
        try {
            load.run();
            return List.of();
        } catch (InvalidConfigurationException e) {
            return e.problems();
        } catch (IOException | ConfigurationException e) {
            throw new IllegalStateException("the file was there a moment ago", e);
        }
    }
}
