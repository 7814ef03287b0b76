package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md}, and the comments of {@code config.yml} that it is made from, to what the service knows. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final String FIRST =
            "<!-- From here on made from config.yml and the code, by ConfigurationPageTest. -->\n";

    /** {@code mvn -q test -Dtest=ConfigurationPageTest -Dpage=write} writes the page anew. */
    private static final boolean WRITE = "write".equals(System.getProperty("page"));

    @Test
    void page_tables_areThoseOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(FIRST);
        String expected = page.substring(0, page.indexOf(FIRST) + FIRST.length()) + ConfigurationPage.tables();
        if (WRITE) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as("run: mvn -q test -Dtest=ConfigurationPageTest -Dpage=write")
                .isEqualTo(expected);
    }

    @Test
    void configurationFile_everySetting_isThereWithItsVariables() throws IOException {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Variables.ALL.forEach(variable -> expected.put(variable.path(), variable.names()));
        Map<String, List<String>> documented = new LinkedHashMap<>();
        SettingsFile.read().stream()
                .filter(entry -> !entry.isGroup())
                .forEach(entry -> documented.put(entry.path(), entry.names()));

        assertThat(documented).containsExactlyEntriesOf(expected);
    }

    @Test
    void configurationFile_everySetting_isExplained() throws IOException {
        assertThat(SettingsFile.read())
                .filteredOn(entry -> !entry.isGroup())
                .allSatisfy(entry -> assertThat(entry.description()).endsWith("."));
    }
}
