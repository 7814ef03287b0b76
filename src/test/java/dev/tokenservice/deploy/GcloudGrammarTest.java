package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.TestCommandLine;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real gcloud understands every command: it can parse commands without running them. */
@Tag("scripts-and-pages")
class GcloudGrammarTest {

    /** The command that validates others is one of gcloud's own, which may go. */
    private static final int NO_SUCH_COMMAND = 2;

    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> WRONG = List.of(
            "gcloud projects list --nonsense",
            "gcloud projects nonsense",
            "gcloud compute backend-services create x --global --load-balancing-scheme=NONSENSE");

    @TempDir
    Path folder;

    /** One start of gcloud parses all: a start takes as long as eight commands. */
    @Test
    void everyCommand_isUnderstoodByTheRealGcloud_andWrongOnesAreNot() throws Exception {
        Path gcloud = Programs.require("gcloud");
        List<String> commands = Stream.concat(everyCall().stream().map(GcloudGrammarTest::quoted), ofRelyingParty())
                .distinct()
                .toList();

        Map<String, String> problems =
                parse(gcloud, Stream.concat(commands.stream(), WRONG.stream()).toList());

        assertThat(problems)
                .hasSize(commands.size() + WRONG.size())
                .containsKeys(WRONG.toArray(String[]::new))
                .allSatisfy((command, problem) -> assertThat(problem.isEmpty())
                        .as(command + ": " + problem)
                        .isNotEqualTo(WRONG.contains(command)));
    }

    /** Those that an operator is told to copy. */
    private static Stream<String> ofRelyingParty() {
        String shown = TestCommandLine.run(
                        Map.of("TOKEN_ISSUER", "https://tokens.example.com"), "relying-parties", "show", "google")
                .output();
        return shown.replace("\\\n", "").lines().filter(line -> line.startsWith("gcloud "));
    }

    private static String quoted(FakeCall call) {
        return call.words().stream()
                .map(word -> word.matches("[\\w=.,:/@-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** Of the calls that differ in values only, one. */
    private Collection<FakeCall> everyCall() {
        Map<String, FakeCall> calls = new LinkedHashMap<>();
        try (DeployScript script = new DeployScript(folder)) {
            Path ca = TestAuthority.write(
                    folder.resolve("ca.pem"), TestAuthority.root("Root CA").certificate());
            String[] all = {
                "all",
                "--project=my-project",
                "--region=europe-west1",
                "--fqdn=token-service.example.com",
                "--pool=my-pool",
                "--ca=" + ca
            };
            run(script, all);
            script.cloud.resources.values().forEach(GcloudGrammarTest::drift);
            script.cloud.resources.keySet().stream()
                    .filter(key -> key.startsWith("iam workload-identity-pools"))
                    .forEach(key -> script.cloud
                            .resource(key.split("/", 2)[0], key.split("/", 2)[1])
                            .put("state", "DELETED"));
            run(script, all);
            run(script, "--destroy", "--yes", "--project=my-project", "--region=europe-west1", "--pool=my-pool");
            MarkdownPage.read("docs/deployment.md")
                    .commands("gcloud")
                    .forEach(line -> script.bash("", List.of("bash", "-c", line)));
            script.calls.stream()
                    .filter(call -> call.words().get(0).equals("gcloud"))
                    .forEach(call -> calls.putIfAbsent(
                            call.verb() + new TreeSet<>(call.flags().keySet()), call));
        }
        assertThat(calls.keySet())
                .anyMatch(call -> call.contains("update-oidc"))
                .anyMatch(call -> call.contains("set-target"))
                .anyMatch(call -> call.contains("undelete"))
                .anyMatch(call -> call.contains("forwarding-rules delete"))
                .anyMatch(call -> call.contains("to-revisions"));
        return calls.values();
    }

    private static void run(DeployScript script, String... arguments) {
        DeployScript.Ended ended = script.run(arguments);
        assertThat(ended.status()).as(ended.all()).isZero();
    }

    /** What can be changed is not what it should be. */
    private static void drift(Map<String, String> resource) {
        Stream.of(
                        "displayName",
                        "minTlsVersion",
                        "defaultService",
                        "urlMap",
                        "target",
                        "backends[0].group",
                        "oidc.issuerUri")
                .forEach(path -> resource.computeIfPresent(path, (key, value) -> "other"));
    }

    /** Each command with what gcloud does not understand of it. Without credentials, and with a home of its own. */
    private Map<String, String> parse(Path gcloud, List<String> commands) throws IOException, InterruptedException {
        Path file = folder.resolve("commands.json");
        JSON.writeValue(
                file.toFile(),
                commands.stream()
                        .map(command -> Map.of("command_string", command))
                        .toList());
        ProcessBuilder builder = new ProcessBuilder(
                        gcloud.toString(), "meta", "lint-gcloud-commands", "--commands-file=" + file)
                // A command that reads its standard input reads it while it is parsed.
                .redirectInput(Path.of("ops/cloud-run/app.yaml").toFile())
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", "/usr/bin:/bin",
                        "HOME", folder.toString(),
                        "CLOUDSDK_CONFIG", folder.resolve("gcloud").toString(),
                        "CLOUDSDK_CORE_DISABLE_PROMPTS", "1",
                        "CLOUDSDK_CORE_CHECK_GCE_METADATA", "false",
                        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true",
                        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true"));
        Process process = builder.start();
        JsonNode results = JSON.readTree(process.getInputStream());
        int status = process.waitFor();
        Programs.require(status != NO_SUCH_COMMAND, "this gcloud does not validate commands");
        assertThat(status).as(Files.readString(folder.resolve("errors"))).isZero();
        Map<String, String> problems = new LinkedHashMap<>();
        for (JsonNode result : results) {
            problems.put(
                    result.path("command_string").asText(),
                    result.path("success").booleanValue()
                            ? ""
                            : result.path("error_message").asText("not understood"));
        }
        return problems;
    }
}
