package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tokenservice.oauth.OAuthError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Holds the README's table of settings and the comments of {@code config.yml} to what the service really knows. */
class ReadmeTest {

    /** {@code | `setting` | `VARIABLE` or `TWIN` | default | meaning |}. */
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-zA-Z0-9]+\\.[a-zA-Z0-9.]+)` \\| (.+?) \\| (.+?) \\| (.+?) \\|");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A key of {@code config.yml}, or one that is commented out. */
    private static final Pattern KEY = Pattern.compile("( *)(?:# )?([a-z][a-zA-Z0-9]*):(?: .*)?");

    /** A comment of {@code config.yml} that ends with the name of a variable. */
    private static final Pattern NAMED = Pattern.compile(" *#.*(?:  |\\. )(?:or )?([A-Z][A-Z0-9_]+)");

    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]+)<");

    private final String readme = read("README.md");
    private final String file = read("config.yml");
    private final JsonNode configuration = parse(file);

    /** A setting as the README has it: its variables, and its default, which is quoted where config.yml has it. */
    private record Row(String path, List<String> names, String defaultValue) {}

    @Test
    void readme_everySetting_hasItsVariablesAndDefault() {
        List<Row> expected = new ArrayList<>();
        for (Variable variable : Variables.ALL) {
            JsonNode value = configuration.at("/" + variable.path().replace('.', '/'));
            expected.add(new Row(
                    variable.path(),
                    variable.names(),
                    value.isMissingNode() ? described(variable.path()) : text(value)));
        }

        assertThat(without(rows(), expected)).as("only in the README").isEmpty();
        assertThat(without(expected, rows())).as("missing in the README").isEmpty();
        assertThat(rows()).as("in the order of config.yml").isEqualTo(expected);
    }

    private static List<Row> without(List<Row> rows, List<Row> others) {
        return rows.stream().filter(row -> !others.contains(row)).toList();
    }

    /** The default of a setting without a value in config.yml is free text. */
    private String described(String path) {
        return rows().stream()
                .filter(row -> row.path().equals(path))
                .map(Row::defaultValue)
                .filter(text -> !CODE.matcher(text).matches())
                .findFirst()
                .orElse("described in words");
    }

    @Test
    void readme_everyErrorCode_isInTheTableOfErrors() {
        for (OAuthError error : OAuthError.values()) {
            assertThat(readme).containsPattern("\\| .*" + error.status() + ".* \\| `" + error.code() + "` \\|");
        }
    }

    @Test
    void readme_everyDirectDependency_hasAReason() {
        String own = read("pom.xml")
                .replaceFirst("(?s)^.*</dependencyManagement>", "")
                .replaceFirst("(?s)<build>.*$", "");
        List<String> dependencies = DEPENDENCY
                .matcher(own)
                .results()
                .map(dependency -> "`" + dependency.group(1) + "`")
                .toList();

        assertThat(dependencies).hasSizeGreaterThan(10);
        assertThat(readme).contains(dependencies);
    }

    @Test
    void configurationFile_everySetting_isThereWithItsVariables() {
        Map<String, List<String>> expected = Variables.ALL.stream()
                .collect(Collectors.toMap(Variable::path, Variable::names, (one, other) -> one, LinkedHashMap::new));

        assertThat(commentedKeys()).containsExactlyEntriesOf(expected);
    }

    private List<Row> rows() {
        return ROW.matcher(readme)
                .results()
                .map(row -> new Row(row.group(1), codes(row.group(2)), row.group(3)))
                .toList();
    }

    private static List<String> codes(String text) {
        return CODE.matcher(text).results().map(code -> code.group(1)).toList();
    }

    private static String text(JsonNode value) {
        String text = value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","))
                : value.asText();
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    /** The path of each key, and the variables that the comments above it name. */
    private Map<String, List<String>> commentedKeys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        Deque<String> groups = new ArrayDeque<>();
        List<String> names = new ArrayList<>();
        for (String line : file.lines().toList()) {
            Matcher named = NAMED.matcher(line);
            Matcher key = KEY.matcher(line);
            if (named.matches()) {
                names.add(named.group(1));
            } else if (key.matches()) {
                int depth = key.group(1).length() / 2;
                while (groups.size() > depth) {
                    groups.removeLast();
                }
                groups.addLast(key.group(2));
                if (!names.isEmpty()) {
                    keys.put(String.join(".", groups), List.copyOf(names));
                    names.clear();
                }
            }
        }
        return keys;
    }

    private static JsonNode parse(String yaml) {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(yaml);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(String name) {
        try {
            return Files.readString(Path.of(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
