package dev.tokenservice.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A command as it ended. */
public record Command(int status, String output, String complaint) {

    /** Runs it to its end in a folder, with these variables besides those of this process, and nothing to read. */
    public static Command run(Path folder, Map<String, String> variables, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> complaint =
                    CompletableFuture.supplyAsync(() -> text(process.errorReader(StandardCharsets.UTF_8)));
            String output = text(process.inputReader(StandardCharsets.UTF_8));
            return new Command(process.waitFor(), output, complaint.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a script of the repository; it uses the jar under test. */
    public static Command script(String name, Map<String, String> variables, String... arguments) {
        Map<String, String> environment = new HashMap<>(
                Map.of("TOKEN_SERVICE_JAR", System.getProperty("token-service.jar", "target/token-service.jar")));
        environment.putAll(variables);
        List<String> command = new ArrayList<>(List.of("scripts/" + name));
        command.addAll(List.of(arguments));
        return run(Path.of("."), environment, command);
    }

    private static String text(Reader reader) {
        try (reader) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
