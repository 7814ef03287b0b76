package dev.tokenservice.documentation;

import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.FreePort;
import dev.tokenservice.testing.MarkdownPage.Step;
import dev.tokenservice.testing.ShellJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A shell in which all commands of a page are run, in the root of the repository, as a reader would paste them: one that fails
 * ends it. The home is a folder of the test, and the ports are free ones.
 */
final class PageShell {

    private static final String JAR = "target/token-service.jar";

    /** Nothing that the page starts outlives the shell. */
    private static final String BEGINNING = "set -eu\ntrap 'kill $(jobs -p) 2>&- || true; wait' EXIT\n";

    /** An audit line is in the file a moment after the answer, which a reader does not notice. */
    private static final String TAIL = """
            #!/bin/sh
            lines() { curl -s http://localhost:8081/prometheus |
              awk '/^token_service_tokens_(issued|refused)_total/ { sum += $NF } END { print sum + 0 }'; }
            if [ "$3" = audit.log ]; then
              for look in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                [ "$(lines)" -gt "$(wc -l <audit.log)" ] || break
                sleep 0.2
              done
            fi
            PATH=${PATH#*:} exec tail "$@"
            """;

    private static final String AFTER_EACH = "\nprintf '%s\\n'\n";
    private static final String MARK = "=== that was a step ===\n";

    private final Path home;

    /** The ports of the page by their variables, and those that stand for them here. */
    private final Map<String, String> ports = new HashMap<>();

    private final Map<String, String> variables = new HashMap<>();

    PageShell(Path home) {
        this.home = home;
        Map.of("PORT", "8080", "ADMIN_PORT", "8081", "MTLS_PORT", "8443").forEach((variable, port) -> {
            String free = Integer.toString(FreePort.find());
            ports.put(port, free);
            variables.put(variable, free);
        });
        variables.put("HOME", home.toString());
    }

    /** Runs the steps, and returns what each that was run to its end has printed. */
    List<String> run(List<Step> steps) throws IOException {
        Path programs = Files.createDirectory(home.resolve("bin"));
        variables.put("PATH", programs + ":" + System.getenv("PATH"));
        Path tail = Files.writeString(programs.resolve("tail"), here(TAIL));
        Files.setPosixFilePermissions(tail, PosixFilePermissions.fromString("rwx------"));
        StringBuilder script = new StringBuilder(BEGINNING);
        for (Step step : steps) {
            script.append(here(step.commands())).append(AFTER_EACH.formatted(MARK.strip()));
        }
        Path file = Files.writeString(home.resolve("script"), script);
        try (ShellJava java = new ShellJava(programs)) {
            Command ended = Command.run(
                    Path.of("").toAbsolutePath(), variables, List.of("bash", "-c", "exec bash '" + file + "' 2>&1"));
            return Arrays.asList(there(ended.output()).split(MARK, -1));
        }
    }

    private String here(String text) {
        return renamed(text.replace(JAR, System.getProperty("token-service.jar", JAR)), ports);
    }

    private String there(String printed) {
        Map<String, String> back = new HashMap<>();
        ports.forEach((port, free) -> back.put(free, port));
        return renamed(printed.replace(home.toString(), "~"), back);
    }

    /** In one pass: the name of a port can have the digits of another. */
    private static String renamed(String text, Map<String, String> ports) {
        return Pattern.compile("(?<![0-9])(?:" + String.join("|", ports.keySet()) + ")(?![0-9])")
                .matcher(text)
                .replaceAll(port -> ports.get(port.group()));
    }
}
