package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lays system properties over a parsed configuration and the environment. Values are data, as those of variables are. */
final class PropertyOverlay {

    private final Map<String, String> properties;
    private final ConfigurationModel<?> model;
    private final Problems problems;

    /** Takes values by the path of their setting. */
    PropertyOverlay(Map<String, String> properties, ConfigurationModel<?> model, Problems problems) {
        this.properties = new TreeMap<>(properties);
        this.model = model;
        this.problems = problems;
    }

    /** Changes the tree, and notes which properties cannot be used. */
    void apply(ObjectNode root) {
        properties.forEach((path, value) -> apply(path, value, root));
    }

    private void apply(String path, String value, ObjectNode root) {
        Optional<Setting> setting = model.at(path);
        if (setting.isEmpty()) {
            problems.addOption(path, "the key is not known" + suggestion(path));
        } else if (!setting.get().path().equals(path)) {
            problems.addOption(
                    path,
                    "set the whole list, its values separated by commas: "
                            + Overrides.option(setting.get().path()) + "=A,B");
        } else if (setting.get().isSecret()) {
            problems.addOption(
                    path,
                    "everyone on this machine can read a command line: set "
                            + String.join(" or ", setting.get().variables()) + " or the key in the file");
        } else if (value.isBlank() && !setting.get().mayBeEmpty()) {
            problems.addOption(path, "the property is set but empty: leave it out, or give it a value");
        } else {
            EnvironmentOverlay.put(setting.get(), value, root);
        }
    }

    private String suggestion(String path) {
        return model.meantBy(path)
                .map(Setting::path)
                .or(() -> Suggestion.of(
                        model.settings().stream().map(Setting::path).toList(), path))
                .map(meant -> "; did you mean " + Overrides.option(meant) + "?")
                .orElse("; docs/configuration.md lists all");
    }
}
