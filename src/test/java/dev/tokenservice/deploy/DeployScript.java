package dev.tokenservice.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** {@code scripts/deploy} with a Google Cloud that is none: every command that it calls comes here. */
final class DeployScript implements AutoCloseable {

    static final String SECRET = "5ec2e75ec2e75ec2e75ec2e75ec2e75e";
    static final String COMMIT = "0123456789ab";

    private static final List<String> COMMANDS =
            List.of("gcloud", "docker", "git", "openssl", "curl", "getent", "sleep");

    final FakeCloud cloud = new FakeCloud();

    /** Every command that was called, in order. */
    final List<FakeCall> calls = new CopyOnWriteArrayList<>();

    /** What a command ends with instead, by its verb; empty lets it pass. */
    final Map<String, Function<FakeCall, Optional<FakeReply>>> faults = new ConcurrentHashMap<>();

    private final Path folder;
    private final FakeCommands commands;

    DeployScript(Path folder) {
        this.folder = folder;
        commands = new FakeCommands(folder, COMMANDS, this::answer);
    }

    /** How a script has ended. */
    record Ended(int status, String output, String errors) {
        String all() {
            return output + errors;
        }
    }

    Ended run(String... arguments) {
        return runWith("", arguments);
    }

    /** With this on its standard input. */
    Ended runWith(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("scripts/deploy"));
        command.addAll(List.of(arguments));
        return bash(input, command);
    }

    /** Runs a command where every tool is the test's. */
    Ended bash(String input, List<String> command) {
        try {
            Path output = Files.createTempFile(folder, "output", "");
            Path errors = Files.createTempFile(folder, "errors", "");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(commands.environment());
            Process process = builder.start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            int status = process.waitFor();
            return new Ended(status, Files.readString(output), Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The commands that change something, without those before. */
    List<String> changes() {
        return calls.stream().filter(FakeCall::isChange).map(FakeCall::verb).toList();
    }

    private FakeReply answer(FakeCall call) {
        calls.add(call);
        return faults.getOrDefault(call.verb(), ignored -> Optional.empty())
                .apply(call)
                .orElseGet(() -> reply(call));
    }

    private FakeReply reply(FakeCall call) {
        return switch (call.words().get(0)) {
            case "gcloud" -> cloud.run(call);
            case "git" -> FakeReply.ok(call.action().equals("rev-parse") ? COMMIT : "");
            case "openssl" -> FakeReply.ok(SECRET);
            case "getent" -> FakeReply.ok(FakeCloud.ADDRESS + " STREAM token-service.example.com");
            case "curl" -> FakeReply.ok("{\"issuer\":\"https://token-service.example.com\"}");
            case "docker" -> docker(call);
            default -> FakeReply.ok("");
        };
    }

    private FakeReply docker(FakeCall call) {
        if (call.action().equals("push")) {
            cloud.resource("artifacts docker images", call.name());
        }
        return FakeReply.ok("");
    }

    @Override
    public void close() {
        commands.close();
    }
}
