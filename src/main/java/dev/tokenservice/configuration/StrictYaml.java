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
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Quoted;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.util.List;

/** Reads YAML files of settings, and nothing into a value that is not written there. */
final class StrictYaml {

    private final ObjectMapper mapper;

    StrictYaml(ObjectMapper mapper) {
        this.mapper = strict(mapper);
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

    /** Reads trees as strictly into classes. */
    ObjectMapper mapper() {
        return mapper;
    }

    static YamlText read(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
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

    ObjectNode parse(String yaml, String path) throws ConfigurationException {
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

    private static String firstLine(JacksonException failure) {
        String where = failure.getLocation() == null
                ? ""
                : " (line " + failure.getLocation().getLineNr() + ")";
        return failure.getOriginalMessage().lines().findFirst().orElse("") + where;
    }
}
