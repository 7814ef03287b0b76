package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestMonitored;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard, the alert rules and the page about them, held to what a running service shows. */
@Tag("scripts-and-pages")
class MonitoringFilesIT {

    private static final Path ALERTS = Path.of("ops/prometheus/alerts.yml");
    private static final Path DASHBOARD = Path.of("ops/grafana/token-service.json");
    private static final Path PAGE = Path.of("docs/monitoring.md");

    private static final Pattern SELECTOR =
            Pattern.compile("\\b(up|(?:token_service|jvm|process)_[a-z_]+)\\b(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|=|!=|!~)\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
    private static final Pattern TEMPLATE = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?([a-z_]+) ?}}");

    /** {@code | `metric` | labels | meaning |}. */
    private static final Pattern ROW = Pattern.compile("\\| `(token_service_[a-z_]+)` \\| (.*?) \\| .+ \\|");

    private static final Pattern LABEL = Pattern.compile("`([a-z_]+)`");

    /** What Prometheus adds itself: the labels of a target, and the series that tells whether it answers. */
    private static final Set<String> TARGET = Set.of("job", "instance");

    private static final String UP = "up";

    @TempDir
    static Path folder;

    private static TestService service;
    private static TestMetrics metrics;

    @BeforeAll
    static void start() throws Exception {
        service = TestMonitored.start(folder);
        metrics = TestMetrics.of(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void alerts_everyExpression_asksForWhatThereIs() throws IOException {
        assertThat(rules()).hasSizeGreaterThan(10);
        for (JsonNode rule : rules()) {
            Set<String> labels = check(rule.path("expr").textValue());
            assertThat(labels)
                    .as("labels in the texts of %s", rule.path("alert"))
                    .containsAll(matches(TEMPLATE, rule.path("annotations").toString()));
        }
    }

    @Test
    void alerts_everyRule_saysHowBadItIsAndWhatToDo() throws IOException {
        String page = Files.readString(PAGE);
        for (JsonNode rule : rules()) {
            JsonNode annotations = rule.path("annotations");
            assertThat(rule.path("labels").path("severity").textValue()).isIn("page", "ticket");
            assertThat(annotations.path("summary").asText()).isNotEmpty();
            assertThat(annotations.path("description").asText()).isNotEmpty();
            String runbook = annotations.path("runbook_url").asText();
            assertThat(runbook).startsWith("https://runbooks.example.com/token-service/monitoring.md#");
            assertThat(anchors(page)).contains(runbook.substring(runbook.indexOf('#') + 1));
        }
    }

    @Test
    void dashboard_everyPanel_asksForWhatThereIs() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        Set<Integer> ids = new HashSet<>();
        int expressions = 0;
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").intValue())).isTrue();
            assertThat(panel.path("title").asText()).isNotEmpty();
            for (JsonNode target : panel.path("targets")) {
                Set<String> labels = check(target.path("expr").textValue());
                assertThat(labels)
                        .containsAll(
                                matches(TEMPLATE, target.path("legendFormat").textValue()));
                expressions++;
            }
        }
        assertThat(expressions).isGreaterThan(20);
    }

    @Test
    void dashboard_everyPanel_saysInWordsWhatItTells() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        for (JsonNode panel : dashboard.path("panels")) {
            if (panel.path("type").textValue().equals("row")) {
                continue;
            }
            String title = panel.path("title").textValue();
            assertThat(panel.path("description").asText()).as(title).matches("[A-Z\"].{50,}\\.");
            assertThat(panel.at("/fieldConfig/defaults/noValue").asText())
                    .as(title)
                    .isNotEmpty();
        }
    }

    /** But for quotas, which all replicas of a project share. */
    @Test
    void dashboard_everyExpression_followsTheVariables() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        assertThat(dashboard
                        .at("/templating/list")
                        .valueStream()
                        .map(variable -> variable.path("name").textValue()))
                .containsExactly("datasource", "job", "instance");
        for (JsonNode panel : dashboard.path("panels")) {
            String variables = panel.path("title").textValue().equals("Quota left")
                    ? "job=~\"$job\""
                    : "job=~\"$job\",instance=~\"$instance\"";
            for (JsonNode target : panel.path("targets")) {
                assertThat(SELECTOR.matcher(target.path("expr").textValue()).results())
                        .allMatch(selector ->
                                selector.group(2) != null && selector.group(2).startsWith(variables));
            }
        }
    }

    @Test
    void dashboard_ownMetrics_areAllShownOrAlertedOf() throws IOException {
        String texts = Files.readString(DASHBOARD) + Files.readString(ALERTS);

        assertThat(metrics.own()).allSatisfy(name -> assertThat(texts).contains(name));
    }

    @Test
    void page_table_hasEveryMetricWithItsLabels() throws IOException {
        Map<String, Set<String>> documented = new HashMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String labels = row.group(2).replaceAll("\\([^)]*\\)", "");
                documented.put(row.group(1), new TreeSet<>(matches(LABEL, labels)));
            }
        }
        assertThat(documented.keySet()).isEqualTo(metrics.own());
        documented.forEach((name, labels) -> assertThat(labels).as(name).isEqualTo(metrics.labels(name, "le")));
    }

    @Test
    void metrics_promtool_hasNothingToSayOfAny() throws Exception {
        Path text = Files.writeString(
                folder.resolve("metrics.txt"),
                service.sendToAdmin(Request.get("/prometheus")).body());

        assertThat(Promtool.runWith(text, "check", "metrics")).isEmpty();
    }

    private static List<JsonNode> rules() throws IOException {
        JsonNode file = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(ALERTS));
        List<JsonNode> rules = new ArrayList<>();
        file.path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    /** Fails where an expression names a series, a label or a label's value that there is not; returns its labels. */
    private static Set<String> check(String expression) {
        Set<String> labels = new TreeSet<>(TARGET);
        Matcher selector = SELECTOR.matcher(expression);
        int found = 0;
        while (selector.find()) {
            found++;
            String series = selector.group(1);
            assertThat(metrics.samples())
                    .as(expression)
                    .anyMatch(sample -> series.equals(UP) || sample.name().equals(series));
            metrics.samples().stream()
                    .filter(sample -> sample.name().equals(series))
                    .forEach(sample -> labels.addAll(sample.labels().keySet()));
            checkMatchers(series, selector.group(2) == null ? "" : selector.group(2));
        }
        assertThat(found).as(expression).isPositive();
        Matcher grouping = GROUPING.matcher(expression);
        while (grouping.find()) {
            assertThat(labels).as(expression).contains(grouping.group(1).split(", "));
        }
        return labels;
    }

    private static void checkMatchers(String series, String matchers) {
        Matcher matcher = MATCHER.matcher(matchers);
        while (matcher.find()) {
            if (!TARGET.contains(matcher.group(1))) {
                assertThat(metrics.values(series, matcher.group(1)))
                        .as("%s{%s}", series, matchers)
                        .contains(matcher.group(3).split("\\|"));
            }
        }
    }

    /** The anchors that a page's headings have. */
    private static List<String> anchors(String page) {
        return page.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }
}
