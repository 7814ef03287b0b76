package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exit statuses, which mean the same in each command and script: 0 good or warnings, 1 the check or the start failed, or a
 * warning with {@code --strict}, 2 the worst finding is FAIL, 3 could not be judged, 64 wrong command line.
 */
class ExitStatusIT {

    /** Where nothing leads to a Google, nor to a relying party. */
    private static final Map<String, String> WARNED =
            Map.of("SIGNING_ALGORITHM", "ES256", "PORT", "0", "ADMIN_PORT", "0", "TRUSTED_PROXIES", "127.0.0.1");

    private static final Map<String, String> INVALID = Map.of("TOKEN_VALIDITY", "0");

    @TempDir
    Path folder;

    static Stream<Arguments> commands() {
        return Stream.of(
                arguments("check config.yml", Map.of(), 0),
                arguments("check config.yml", Map.of("TOKEN_ISSUR", "x"), 0),
                arguments("check config.yml", INVALID, 1),
                arguments("check no-such-file.yml", Map.of(), 1),
                arguments("check --nonsense", Map.of(), 64),
                arguments("check a b", Map.of(), 64),
                arguments("server config.yml", INVALID, 1),
                arguments("server no-such-file.yml", Map.of(), 1),
                arguments("server --nonsense", Map.of(), 64),
                arguments("doctor config.yml", WARNED, 0),
                arguments("doctor --strict config.yml", WARNED, 1),
                arguments("doctor config.yml", INVALID, 2),
                arguments("doctor --strict config.yml", INVALID, 2),
                arguments("doctor --nonsense", Map.of(), 64),
                arguments("validate config.yml", INVALID, 0),
                arguments("validate ops", Map.of(), 3),
                arguments("validate no-such-file.yml", Map.of(), 1),
                arguments("validate no-such-file.yml ops", Map.of(), 1),
                arguments("validate", Map.of(), 64),
                arguments("frobnicate", Map.of(), 64),
                arguments("--help", Map.of(), 0));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("commands")
    void command_ends(String arguments, Map<String, String> environment, int status) {
        TestCommandLine ended = TestCommandLine.run(environment, arguments.split(" ", -1));

        assertThat(ended.status()).as(ended.output() + ended.errors()).isEqualTo(status);
    }

    @Test
    void script_calledWrongly_ends64() throws IOException {
        List<Path> scripts;
        try (Stream<Path> entries = Files.list(Path.of("scripts"))) {
            scripts = entries.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(scripts).hasSizeGreaterThan(9).allSatisfy(script -> {
            Command wrong = Command.script(String.valueOf(script.getFileName()), Map.of(), "--no-such-option");
            assertThat(wrong.status()).as(wrong.complaint()).isEqualTo(64);
            assertThat(wrong.complaint()).isNotEmpty();
        });
        assertThat(Command.run(Path.of("."), Map.of(), List.of("examples/token-service-credential", "--no-such-option"))
                        .status())
                .isEqualTo(64);
    }

    @Test
    void script_thatCannotJudge_ends3() throws IOException {
        assertThat(Command.script("validate-config", Map.of("TOKEN_SERVICE_JAR", "no.jar"), "config.yml")
                        .status())
                .isEqualTo(3);
        for (String tool : Set.of("bash", "dirname", "cat")) {
            Path found = Arrays.stream(System.getenv("PATH").split(":", -1))
                    .map(directory -> Path.of(directory, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(folder.resolve(tool), found);
        }
        Command doctor = Command.script(
                "doctor",
                Map.of("PATH", folder.toString()),
                "https://token-service.example.com",
                "--cert",
                "README.md",
                "--key",
                "README.md");
        assertThat(doctor.status()).as(doctor.complaint()).isEqualTo(3);
        assertThat(doctor.complaint()).contains("is missing");
    }
}
