package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.oauth.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Collects the problems of one configuration. */
final class Problems {

    private final ConfigurationModel<?> model;
    private final Set<String> options;
    private final List<Problem> all = new ArrayList<>();

    /**
     * Takes the known settings.
     *
     * @param options the paths of those that are set on the command line, instead of their variables
     */
    Problems(ConfigurationModel<?> model, Set<String> options) {
        this.model = model;
        this.options = Set.copyOf(options);
    }

    /** Notes what nothing stands behind that could be repeated. */
    void add(String path, String allowed) {
        add(path, "", allowed);
    }

    /** Records the problem with a text that is not secret. */
    void add(String path, String found, String allowed) {
        List<String> variables = model.at(path).map(this::origins).orElse(List.of());
        all.add(new Problem(path, variables, found, allowed));
    }

    private List<String> origins(Setting setting) {
        return options.contains(setting.path()) ? List.of(Overrides.option(setting.path())) : setting.variables();
    }

    /** Notes that something cannot be set on the command line, and never with what. */
    void addOption(String path, String allowed) {
        all.add(new Problem(Quoted.of(Overrides.option(path)), List.of(), "", allowed));
    }

    /** Notes it with what stands there, unless that may be a secret. */
    void add(String path, JsonNode found, String allowed) {
        if (found.isMissingNode() || found.isNull()) {
            add(path, allowed);
        } else if (model.mayHoldSecret(path)) {
            add(path, "a value that is not shown", allowed);
        } else {
            add(path, Quoted.of(text(found)), allowed);
        }
    }

    /** Notes what this machine does not have. */
    void add(StartProblem problem) {
        add(problem.setting(), problem.text());
    }

    /** Returns the path of a setting, as a JSON pointer (RFC 6901). */
    static String pointer(String path) {
        return "/" + path.replace("[", ".").replace("]", "").replace('.', '/');
    }

    /** A list as it is written in a variable. */
    private static String text(JsonNode found) {
        if (found.isArray()) {
            return StreamSupport.stream(found.spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(","));
        }
        return found.isValueNode() ? found.asText() : found.toString();
    }

    /** Returns whether something is wrong with a setting. */
    boolean isAt(String path) {
        return all.stream().anyMatch(problem -> problem.path().equals(path));
    }

    List<Problem> all() {
        return List.copyOf(all);
    }
}
