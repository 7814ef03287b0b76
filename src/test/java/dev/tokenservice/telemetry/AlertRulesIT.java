package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules as Prometheus evaluates them: which situation pages somebody, which one waits, and which is nothing. */
@Tag("scripts-and-pages")
class AlertRulesIT {

    private static final Path RULES = Path.of("ops/prometheus/alerts.yml");
    private static final Path TESTS = Path.of("ops/prometheus/alerts_test.yml");
    private static final Path PAGE = Path.of("docs/monitoring.md");

    private static final Pattern FIRING = Pattern.compile("\\{alertname=\"(\\w+)\", severity=\"(\\w+)\"[^}]*}");

    /** The command of the page, with its continuation lines. */
    private static final Pattern SED = Pattern.compile("(?m)^sed -e (?:.*\\\\\n)*.*$");

    @TempDir
    Path folder;

    @Test
    void rules_promtool_acceptsThem() throws Exception {
        assertThat(Promtool.run("check", "rules", RULES.toString())).contains("SUCCESS");
    }

    @Test
    void rules_inEverySituation_fireWhatNeedsAPersonAndNothingElse() throws Exception {
        assertThat(Promtool.run("test", "rules", TESTS.toString())).contains("SUCCESS");
    }

    @Test
    void situations_everyRule_isSeenToFire() throws IOException {
        Set<String> fired = new TreeSet<>();
        Matcher firing = FIRING.matcher(Files.readString(TESTS));
        while (firing.find()) {
            fired.add(firing.group(1) + " " + firing.group(2));
        }

        assertThat(fired)
                .containsExactlyInAnyOrderElementsOf(rules(RULES)
                        .map(rule -> rule.path("alert").textValue() + " "
                                + rule.at("/labels/severity").textValue())
                        .toList());
    }

    @Test
    void placeholders_replacedAsThePageSays_areAllGone() throws Exception {
        Matcher command = SED.matcher(Files.readString(PAGE));
        assertThat(command.find()).isTrue();
        Path replaced = folder.resolve("alerts.yml");

        Process process = new ProcessBuilder(
                        "sh", "-c", command.group().replace("> alerts.yml", "> " + replaced.toAbsolutePath()))
                .inheritIO()
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(replaced)).doesNotContain("runbooks.example.com", "job=\"token-service\"");
        assertThat(rules(replaced)
                        .map(rule -> rule.at("/annotations/runbook_url").textValue()))
                .hasSameSizeAs(rules(RULES).toList())
                .allMatch(url -> url.startsWith("https://wiki.example.org/monitoring.md#tokenservice"));
        assertThat(Promtool.run("check", "rules", replaced.toString())).contains("SUCCESS");
    }

    private static Stream<JsonNode> rules(Path file) throws IOException {
        JsonNode groups = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(file))
                .path("groups");
        return groups.valueStream().flatMap(group -> group.path("rules").valueStream());
    }
}
