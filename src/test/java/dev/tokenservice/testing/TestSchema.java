package dev.tokenservice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A JSON schema, as an editor or a client applies it. */
public final class TestSchema {

    private final JsonSchema schema;

    private TestSchema(JsonSchema schema) {
        this.schema = schema;
    }

    /** That of a file of the repository. */
    public static TestSchema read(String path) {
        try {
            return of(new JsonMapper().readTree(Path.of(path).toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestSchema of(JsonNode schema) {
        return new TestSchema(
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema));
    }

    /** What is wrong with a YAML text, a line each. */
    public List<String> problems(String yaml) {
        try {
            return problems(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a tree, a line each. */
    public List<String> problems(JsonNode tree) {
        return schema.validate(tree).stream()
                .map(ValidationMessage::getMessage)
                .sorted()
                .toList();
    }
}
