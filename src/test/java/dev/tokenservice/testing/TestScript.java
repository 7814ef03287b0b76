package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A script of the repository, run to its end as an operator runs it. */
public final class TestScript {

    private TestScript() {}

    /**
     * What is left of it.
     *
     * @param status the exit status
     * @param output what it wrote to standard output
     * @param errors what it wrote to standard error
     */
    public record Ended(int status, String output, String errors) {}

    /** Runs {@code scripts/NAME} with the jar under test; the variables come on top of this process's own. */
    public static Ended run(String name, Map<String, String> variables, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of("scripts", name).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("TOKEN_SERVICE_JAR", System.getProperty("token-service.jar", "target/token-service.jar"));
        builder.environment().putAll(variables);
        try {
            Path errors = Files.createTempFile("script", ".err");
            Process process = builder.redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            String said = Files.readString(errors);
            Files.delete(errors);
            return new Ended(status, output, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
