package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.TestSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an editor makes of a configuration file that names {@code config.schema.json}. */
class ConfigurationSchemaTest {

    private static final TestSchema SCHEMA = TestSchema.read("config.schema.json");
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Values of every kind, as JSON. */
    private static final List<String> VALUES = List.of(
            "0",
            "7",
            "99999",
            "1.5",
            "true",
            "\"on\"",
            "\"off\"",
            "\"TRUE\"",
            "\"5m\"",
            "\"PT1H30M\"",
            "\"12\"",
            "\"info\"",
            "\"es256\"",
            "\"X-Header\"",
            "\"https://host.example\"",
            "\"a@b-c.iam.gserviceaccount.com\"",
            "\"/a/file\"",
            "\"two words\"",
            "\"\"",
            "[]",
            "[\"10.0.0.0/8\"]",
            "[\"\"]",
            "[7]",
            "{}",
            "{\"type\":\"console\"}");

    @Test
    void configurationFile_isValidAlsoWithEverySettingInForce() throws IOException {
        String file = Files.readString(SettingsFile.PATH);

        assertThat(file).startsWith("# yaml-language-server: $schema=config.schema.json\n");
        assertThat(SCHEMA.problems(file)).isEmpty();
        assertThat(SCHEMA.problems(SettingsFile.everySetting())).isEmpty();
        assertThat(SettingsFile.everySetting()).contains("\n  deniedCertificates: ", "\n  poolId: ", "\nmetrics: ");
    }

    @Test
    void configurationPage_exampleOfDropwizardsKeys_isValid() {
        assertThat(MarkdownPage.read("docs/configuration.md").blocks("yaml"))
                .isNotEmpty()
                .allSatisfy(example -> assertThat(SCHEMA.problems(example)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokens: {validity: 5}",
                "token: {valdity: 5}",
                "token: {validity: 721}",
                "token: {validity: 5 minutes}",
                "token: {audiences: https://a.example}",
                "token: {audiences: [two words]}",
                "token:",
                "server: {adminPort: 65536}",
                "server: {port: closed}",
                "signing: {signer: kms}",
                "logging: {level: VERBOSE}",
                "workloadIdentity: {poolId: gcp-pool}",
                "workloadIdentity: {projectNumber: 123456789012}",
                "authentication: {headers: {present: A Header}}",
                "authentication: {verifyForwarded: sometimes}",
                "google: [a]"
            })
    void mistake_isMarked(String yaml) {
        assertThat(SCHEMA.problems(yaml)).isNotEmpty();
    }

    static Stream<Setting> settings() {
        return TokenServiceConfiguration.model().settings().stream();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void value_thatTheServiceTakes_isNotMarked(Setting setting) throws IOException {
        for (String value : VALUES) {
            ObjectNode file = MAPPER.createObjectNode();
            ObjectNode group = file;
            String[] keys = setting.path().split("\\.");
            for (String key : Arrays.copyOf(keys, keys.length - 1)) {
                group = group.putObject(key);
            }
            JsonNode node = MAPPER.readTree(value);
            group.set(keys[keys.length - 1], node);
            if (!SCHEMA.problems(file).isEmpty()) {
                assertThat(ConfigurationFile.problems(file.toString().getBytes(StandardCharsets.UTF_8)))
                        .as(file.toString())
                        .anyMatch(problem -> problem.startsWith(setting.path()));
            }
        }
    }
}
