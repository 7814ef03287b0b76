package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.tokenservice.files.FileProblem;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Quoted;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ResourceConfigurationSourceProvider;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
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
    private final ObjectMapper mapper;
    private final Overrides overrides;
    private final Function<T, List<FileProblem>> files;

    /**
     * Makes configurations without a look at the files that they name.
     *
     * @param environment the environment variables; they also tell the {@link Platform}, which is injected into fields of
     *     this type
     */
    public ServiceConfigurationFactory(
            ConfigurationModel<T> model, Validator validator, ObjectMapper mapper, Map<String, String> environment) {
        this(model, validator, mapper, Overrides.of(environment), configuration -> List.of());
    }

    /**
     * Takes what a configuration is made from, and how the files are examined that it names.
     *
     * @param overrides what is laid over the file; its variables also tell the {@link Platform}
     * @param files says what is wrong with the files of a configuration, which may have other problems
     */
    public ServiceConfigurationFactory(
            ConfigurationModel<T> model,
            Validator validator,
            ObjectMapper mapper,
            Overrides overrides,
            Function<T, List<FileProblem>> files) {
        this.model = model;
        this.validator = validator;
        this.mapper = strict(mapper);
        this.overrides = overrides;
        this.files = files;
    }

    private static ObjectMapper strict(ObjectMapper mapper) {
        ObjectMapper strict = mapper.copyWith(YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // A key with nothing behind it has no value; an empty text is written in quotes.
                .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                .build());
        strict.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        strict.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        strict.registerModule(new SimpleModule()
                .addDeserializer(Integer.TYPE, new WholeNumberDeserializer())
                .addDeserializer(Boolean.class, new TrueOrFalseDeserializer()));
        // YAML reads 0123456 as 42798 and 127.10 as 127.1: a value that is not text in the file is not turned into
        // text.
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
        Problems problems = new Problems(model, overrides.properties().keySet());
        new UnknownKeys(model, problems).removeFrom(root);
        new Placeholders(model, problems).removeFrom(root);
        removeOddNumbers(yaml.oddNumbers(), root, problems);
        new EnvironmentOverlay(overrides.environment(), problems).apply(model.settings(), root);
        new PropertyOverlay(overrides.properties(), model, problems).apply(root);
        T configuration = bind(root, path, problems);
        noteFiles(configuration, problems);
        if (!problems.all().isEmpty()) {
            throw new InvalidConfigurationException(path, problems.all());
        }
        return configuration;
    }

    private T bind(ObjectNode root, String path, Problems problems) throws ConfigurationException {
        try {
            return new ConfigurationBinder<>(model, mapper, validator, problems)
                    .bind(root, Platform.of(overrides.environment()));
        } catch (JsonMappingException e) {
            throw new InvalidConfigurationException(path, problems.all());
        }
    }

    private void noteFiles(T configuration, Problems problems) {
        try {
            files.apply(configuration).stream()
                    .filter(file -> !problems.isAt(file.setting()))
                    .toList()
                    .forEach(problems::add);
        } catch (InvalidPathException e) {
            // The setting's own problem says so.
            return;
        }
    }

    private static YamlText read(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        try (InputStream input = provider.open(path)) {
            return YamlText.read(input, path);
        } catch (UnusableFileException e) {
            throw new InvalidConfigurationException(path, List.of(Problem.ofFile(path, e.problem())));
        } catch (InvalidPathException e) {
            throw new InvalidConfigurationException(
                    Quoted.of(path),
                    List.of(Problem.ofFile(Quoted.of(path), "cannot be named in this locale: set LANG=C.UTF-8")));
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
                    path, List.of(Problem.ofFile(path, "must be a YAML file of keys and values")));
        } catch (JsonProcessingException e) {
            throw new InvalidConfigurationException(
                    path, List.of(Problem.ofFile(path, "is not a well-formed YAML file: " + firstLine(e))));
        }
    }

    /** Takes them out of the tree, where they are other numbers already. */
    private void removeOddNumbers(Map<String, String> oddNumbers, ObjectNode root, Problems problems) {
        oddNumbers.forEach((path, written) -> {
            problems.add(
                    path,
                    mapper.getNodeFactory().textNode(written),
                    "write a number with decimal digits only and no leading zero, and a text in quotes");
            JsonPointer place = JsonPointer.compile(Problems.pointer(path));
            if (root.at(place.head()) instanceof ObjectNode group) {
                group.remove(place.last().getMatchingProperty());
            }
        });
    }

    private static String firstLine(JacksonException failure) {
        String where = failure.getLocation() == null
                ? ""
                : " (line " + failure.getLocation().getLineNr() + ")";
        return failure.getOriginalMessage().lines().findFirst().orElse("") + where;
    }
}
