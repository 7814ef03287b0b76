package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ResourceConfigurationSourceProvider;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads a configuration: file, then environment, then binding, then validation; and reports all that is wrong with it
 * together.
 *
 * @param <T> the configuration's class
 */
public final class ServiceConfigurationFactory<T> implements ConfigurationFactory<T> {

    /** The configuration file in the jar, for a start without one. */
    private static final String EMBEDDED = "config.yml";

    private final Class<T> type;
    private final Validator validator;
    private final ObjectMapper mapper;
    private final Map<String, String> environment;
    private final Consumer<T> completion;

    public ServiceConfigurationFactory(
            Class<T> type, Validator validator, ObjectMapper mapper, Map<String, String> environment) {
        this(type, validator, mapper, environment, configuration -> {});
    }

    /**
     * Takes what a configuration is made from.
     *
     * @param completion tells a valid configuration what it cannot know, before anything is made of it
     */
    public ServiceConfigurationFactory(
            Class<T> type,
            Validator validator,
            ObjectMapper mapper,
            Map<String, String> environment,
            Consumer<T> completion) {
        this.type = type;
        this.validator = validator;
        this.mapper = strict(mapper);
        this.environment = Map.copyOf(environment);
        this.completion = completion;
    }

    private static ObjectMapper strict(ObjectMapper mapper) {
        ObjectMapper strict = mapper.copyWith(YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // A key with nothing behind it has no value; an empty text is written in quotes.
                .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                .build());
        strict.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        strict.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        strict.registerModule(new SimpleModule().addDeserializer(Integer.TYPE, new WholeNumber()));
        // YAML reads 0123456 as 42798 and 127.10 as 127.1: what is no text in the file is not made one.
        strict.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        return strict;
    }

    @Override
    public T build() throws IOException, ConfigurationException {
        return build(new ResourceConfigurationSourceProvider(), EMBEDDED);
    }

    @Override
    public T build(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
        YamlText yaml = read(provider, path);
        ObjectNode root = parse(yaml.text(), path);
        List<Problem> problems = UnknownKeys.removeFrom(root);
        problems.addAll(removeOddNumbers(yaml.oddNumbers(), root));
        problems.addAll(new EnvironmentOverlay(environment).applyTo(root));
        T configuration = new Binding<>(mapper, validator, type).bind(root, path, problems);
        completion.accept(configuration);
        return configuration;
    }

    private static YamlText read(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        try (InputStream input = provider.open(path)) {
            return YamlText.read(input, path);
        }
    }

    private ObjectNode parse(String yaml, String path) throws ConfigurationException {
        try {
            JsonNode node = mapper.readTree(yaml);
            if (node == null || node.isMissingNode() || node.isNull()) {
                return mapper.createObjectNode();
            }
            if (node instanceof ObjectNode root) {
                return root;
            }
            throw new InvalidConfigurationException(
                    path, List.of(new Problem(path, "", "must be a YAML file of keys and values")));
        } catch (JsonProcessingException e) {
            throw new InvalidConfigurationException(
                    path, List.of(new Problem(path, "", "is not a well-formed YAML file: " + firstLine(e))));
        }
    }

    /** Takes them out of the tree, where they are other numbers already. */
    private List<Problem> removeOddNumbers(Map<String, String> oddNumbers, ObjectNode root) {
        List<Problem> problems = new ArrayList<>();
        oddNumbers.forEach((path, written) -> {
            problems.add(Problem.at(
                    path,
                    mapper.getNodeFactory().textNode(written),
                    "write a number with decimal digits only and no leading zero, and a text in quotes"));
            int dot = path.lastIndexOf('.');
            JsonNode group =
                    dot < 0 ? root : root.at("/" + path.substring(0, dot).replace('.', '/'));
            if (group instanceof ObjectNode settings) {
                settings.remove(path.substring(dot + 1));
            }
        });
        return problems;
    }

    private static String firstLine(JacksonException failure) {
        String where = failure.getLocation() == null
                ? ""
                : " (line " + failure.getLocation().getLineNr() + ")";
        return failure.getOriginalMessage().lines().findFirst().orElse("") + where;
    }
}
