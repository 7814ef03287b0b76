package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.MadeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md}, the schema, and the comments of {@code config.yml} to what the fields of the settings declare. */
class ConfigurationPageTest {

    private static final ConfigurationModel<TokenServiceConfiguration> MODEL = TokenServiceConfiguration.model();
    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final String FIRST =
            "<!-- From here on made from the fields that declare the settings, by ConfigurationPageTest. -->\n";
    private static final String LAST = "\nNext: [Keys](keys.md)\n";

    @Test
    void page_tables_areThoseOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(FIRST);
        MadeFile.assertMade(
                getClass(),
                PAGE,
                page.substring(0, page.indexOf(FIRST) + FIRST.length()) + ConfigurationPage.tables(MODEL) + LAST);
    }

    @Test
    void schema_isThatOfTheCode() throws IOException {
        MadeFile.assertMade(
                getClass(),
                Path.of("config.schema.json"),
                ConfigurationSchema.of(MODEL).toPrettyString() + "\n");
    }

    @Test
    void configurationFile_everySetting_isThereWithItsVariablesAndMeaning() throws IOException {
        List<SettingsFile.Entry> declared = MODEL.settings().stream()
                .map(setting -> new SettingsFile.Entry(setting.path(), setting.description(), setting.variables()))
                .toList();

        assertThat(SettingsFile.read())
                .filteredOn(entry -> !entry.isGroup())
                .containsExactlyElementsOf(declared)
                .allSatisfy(entry -> assertThat(entry.description()).endsWith("."));
    }

    @Test
    void configurationFile_everyGroup_isExplainedAsInTheCode() throws IOException {
        Map<String, String> documented = new LinkedHashMap<>();
        SettingsFile.read().stream()
                .filter(SettingsFile.Entry::isGroup)
                .forEach(group -> documented.put(group.path(), group.description()));

        assertThat(documented).containsExactlyEntriesOf(MODEL.groups());
    }
}
