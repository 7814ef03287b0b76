package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real gcloud understands every command: it parses its arguments before it asks who calls. */
class GcloudGrammarTest {

    /** argparse's exit status; what stands behind it, such as want of credentials, is 1. */
    private static final int NOT_UNDERSTOOD = 2;

    private static final String WITHOUT_CREDENTIALS = "You do not currently have an active account selected";

    @TempDir
    Path folder;

    @Test
    void everyCommand_isUnderstoodByTheRealGcloud() throws Exception {
        Path gcloud = InstalledProgram.orSkip("gcloud");
        assertThat(parse(gcloud, List.of("gcloud", "projects", "list", "--nonsense"), "")
                        .status())
                .as("an unknown flag is told from want of credentials")
                .isEqualTo(NOT_UNDERSTOOD);
        for (FakeCall call : everyCall()) {
            Parsed parsed = parse(gcloud, call.words(), call.input());
            if (call.action().equals("configure-docker")) {
                assertThat(parsed.status()).as(parsed.errors()).isZero();
            } else {
                assertThat(parsed.status())
                        .as("%s%n%s", call.words(), parsed.errors())
                        .isEqualTo(1);
                assertThat(parsed.errors()).contains(WITHOUT_CREDENTIALS);
            }
        }
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
            run(script, all);
            script.cloud.resources.keySet().stream()
                    .filter(key -> key.startsWith("iam workload-identity-pools"))
                    .forEach(key -> script.cloud
                            .resource(key.split("/", 2)[0], key.split("/", 2)[1])
                            .put("state", "DELETED"));
            run(script, all);
            run(script, "--destroy", "--yes", "--project=my-project", "--region=europe-west1", "--pool=my-pool");
            new DeploymentPage().commands("gcloud").forEach(line -> script.bash("", List.of("bash", "-c", line)));
            script.calls.stream()
                    .filter(call -> call.words().get(0).equals("gcloud"))
                    .forEach(
                            call -> calls.putIfAbsent(call.verb() + call.flags().keySet(), call));
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
        Stream.of("displayName", "defaultService", "urlMap", "target", "backends[0].group", "oidc.issuerUri")
                .forEach(path -> resource.computeIfPresent(path, (key, value) -> "other"));
    }

    private record Parsed(int status, String errors) {}

    /** No credentials, no network, and a home of its own: nothing can be changed but this folder. */
    private Parsed parse(Path gcloud, List<String> words, String input) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(words);
        command.set(0, gcloud.toString());
        Path errors = folder.resolve("errors");
        Path read = Files.writeString(folder.resolve("input"), input);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(read.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", "/usr/bin:/bin",
                        "HOME", folder.toString(),
                        "CLOUDSDK_CONFIG", folder.resolve("gcloud").toString(),
                        "CLOUDSDK_CORE_DISABLE_PROMPTS", "1",
                        "CLOUDSDK_CORE_CHECK_GCE_METADATA", "false",
                        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true",
                        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true",
                        "CLOUDSDK_PROXY_TYPE", "http",
                        "CLOUDSDK_PROXY_ADDRESS", "127.0.0.1",
                        "CLOUDSDK_PROXY_PORT", "9"));
        int status = builder.start().waitFor();
        return new Parsed(status, Files.readString(errors));
    }
}
