package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' own judge of rules and metrics. A test that needs it is skipped where it is not installed. */
final class Promtool {

    private static final Path NOTHING = Path.of("/dev/null");

    private Promtool() {}

    /** Returns what it prints; fails where its exit status is not 0. */
    static String run(String... arguments) throws IOException, InterruptedException {
        return runWith(NOTHING, arguments);
    }

    /** The same with a file as its standard input. */
    static String runWith(Path input, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Programs.require("promtool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
