package dev.tokenservice.configuration;

import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The overrides of a configuration file: the environment, and with precedence what {@code java -Ddw.KEY=VALUE} sets.
 *
 * @param environment the environment variables
 * @param properties values by the path of their setting, such as {@code server.port}
 */
public record Overrides(Map<String, String> environment, Map<String, String> properties) {

    /** What begins the name of such a system property; all of Dropwizard's do. */
    static final String PREFIX = "dw.";

    public Overrides {
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }

    /** Returns the environment alone. */
    public static Overrides of(Map<String, String> environment) {
        return new Overrides(environment, Map.of());
    }

    /** Returns those of this process. */
    public static Overrides ofProcess() {
        return new Overrides(System.getenv(), properties(System.getProperties()));
    }

    static Map<String, String> properties(Properties system) {
        Map<String, String> properties = new TreeMap<>();
        system.stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> properties.put(name.substring(PREFIX.length()), system.getProperty(name)));
        return properties;
    }

    /** The names of those that mean something, and never a value, which may be a secret. */
    public SortedSet<String> names(ConfigurationModel<?> model) {
        SortedSet<String> names = model.known(environment.keySet());
        properties.keySet().forEach(path -> names.add(option(path)));
        return names;
    }

    /** Returns the option of {@code java} that sets the setting at a path. */
    static String option(String path) {
        return "-D" + PREFIX + path;
    }
}
