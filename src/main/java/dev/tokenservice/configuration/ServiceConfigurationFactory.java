package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ResourceConfigurationSourceProvider;
import jakarta.validation.Validator;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a configuration: file, then environment, then system properties, then binding, then validation; and reports all that is wrong with it
 * together.
 *
 * @param <T> the configuration's class
 */
public final class ServiceConfigurationFactory<T> implements ConfigurationFactory<T> {

    /** The configuration file in the jar, used if the command line names none. */
    private static final String EMBEDDED = "config.yml";

    private final ConfigurationModel<T> model;
    private final Validator validator;
    private final StrictYaml yaml;
    private final Overrides overrides;
    private final Function<T, List<StartProblem>> machine;

    /**
     * Makes configurations without a look at the files and addresses that they name.
     *
     * @param environment the environment variables; they also tell the {@link Platform}, which is injected into fields of
     *     this type
     */
    public ServiceConfigurationFactory(
            ConfigurationModel<T> model, Validator validator, ObjectMapper mapper, Map<String, String> environment) {
        this(model, validator, mapper, Overrides.of(environment), configuration -> List.of());
    }

    /**
     * Takes what a configuration is made from, and how the files and addresses are examined that it names.
     *
     * @param overrides the overrides of the file; its variables also tell the {@link Platform}
     * @param machine says what a configuration, which may have other problems, names and this machine does not have
     */
    public ServiceConfigurationFactory(
            ConfigurationModel<T> model,
            Validator validator,
            ObjectMapper mapper,
            Overrides overrides,
            Function<T, List<StartProblem>> machine) {
        this.model = model;
        this.validator = validator;
        this.yaml = new StrictYaml(mapper);
        this.overrides = overrides;
        this.machine = machine;
    }

    @Override
    public T build() throws IOException, ConfigurationException {
        return build(new ResourceConfigurationSourceProvider(), EMBEDDED);
    }

    @Override
    public T build(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
        YamlText text = StrictYaml.read(provider, path);
        ObjectNode root = yaml.parse(text.text(), path);
        Problems problems = new Problems(model, overrides.properties().keySet());
        new UnknownKeys(model, problems).removeFrom(root);
        new Placeholders(model, problems).removeFrom(root);
        removeOddNumbers(text.oddNumbers(), root, problems);
        new EnvironmentOverlay(overrides.environment(), problems).apply(model.settings(), root);
        new PropertyOverlay(overrides.properties(), model, problems).apply(root);
        T configuration = bind(root, path, problems);
        noteMachine(configuration, problems);
        if (!problems.all().isEmpty()) {
            throw new InvalidConfigurationException(path, problems.all());
        }
        return configuration;
    }

    private T bind(ObjectNode root, String path, Problems problems) throws ConfigurationException {
        try {
            return new ConfigurationBinder<>(model, yaml.mapper(), validator, problems)
                    .bind(root, Platform.of(overrides.environment()));
        } catch (JsonMappingException e) {
            throw new InvalidConfigurationException(path, problems.all());
        }
    }

    private void noteMachine(T configuration, Problems problems) {
        try {
            machine.apply(configuration).stream()
                    .filter(problem -> !problems.isAt(problem.setting()))
                    .toList()
                    .forEach(problems::add);
        } catch (InvalidPathException e) {
            // The setting's own problem says so.
            return;
        }
    }

    /** Takes them out of the tree, where they are other numbers already. */
    private static void removeOddNumbers(Map<String, String> oddNumbers, ObjectNode root, Problems problems) {
        oddNumbers.forEach((path, written) -> {
            problems.add(
                    path,
                    root.textNode(written),
                    "write a number with decimal digits only and no leading zero, and a text in quotes");
            JsonPointer place = JsonPointer.compile(Problems.pointer(path));
            if (root.at(place.head()) instanceof ObjectNode group) {
                group.remove(place.last().getMatchingProperty());
            }
        });
    }
}
