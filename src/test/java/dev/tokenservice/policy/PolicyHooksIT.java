package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.ShellJava;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hooks of {@code examples/policy/.pre-commit-config.yaml} in a repository with one of the policies. */
@Tag("scripts-and-pages")
class PolicyHooksIT {

    private static final Path EXAMPLES = Path.of("examples/policy");

    @TempDir
    private Path repository;

    private List<JsonNode> hooks;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve("fleet"))) {
            for (Path file : files.toList()) {
                Files.copy(file, repository.resolve(String.valueOf(file.getFileName())));
            }
        }
        TestAuthority.write(
                repository.resolve("factory.pem"),
                TestAuthority.root("Factory CA").certificate());
        hooks = new YAMLMapper()
                .readTree(EXAMPLES.resolve(".pre-commit-config.yaml").toFile())
                .at("/repos/0/hooks")
                .valueStream()
                .toList();
    }

    /** Runs the command of a hook as pre-commit does, in the root of the repository, with the java in a folder. */
    private Command run(JsonNode hook, Path programs) {
        Map<String, String> variables = Map.of(
                "TOKEN_SERVICE_JAR",
                TestJvm.JAR.toAbsolutePath().toString(),
                "PATH",
                programs + ":" + System.getenv("PATH"));
        return Command.run(
                repository, variables, List.of("sh", "-c", hook.path("entry").asText()));
    }

    @Test
    void hooks_validPolicy_pass() {
        assertThat(hooks).hasSize(2).allSatisfy(hook -> {
            Command ended = run(hook, Path.of(System.getProperty("java.home"), "bin"));
            assertThat(ended.status()).as(ended.output()).isZero();
            assertThat(ended.output()).containsAnyOf("policy.yml is valid", "8 cases, 0 failed");
        });
    }

    @Test
    void hooks_brokenPolicyAndCase_fail(@TempDir Path programs) throws IOException {
        Path policy = repository.resolve("policy.yml");
        String text = Files.readString(policy);
        try (ShellJava java = new ShellJava(programs)) {
            Files.writeString(policy, text.replace("device.kind == \"gateway\"", "device.kind == \"sensor\""));
            assertThat(run(hooks.get(1), programs).status()).isEqualTo(1);

            Files.writeString(policy, text.replace("match:", "matches:"));
            Command refused = run(hooks.get(0), programs);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output()).contains("the key 'matches' is unknown");
        }
    }

    @Test
    void hooks_everyFileOfThePolicy_startsThem() {
        assertThat(hooks)
                .allSatisfy(hook -> assertThat(
                                List.of("policy.yml", "cases.yml", "inventory.csv", "bundles/factory.pem"))
                        .allMatch(Pattern.compile(hook.path("files").asText()).asPredicate()));
    }
}
