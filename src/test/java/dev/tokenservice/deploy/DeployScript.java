package dev.tokenservice.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Hands its arguments and its input to the test, which answers with output and exit status. */
    private static final String COMMAND = """
            #!/usr/bin/env bash
            answer=$({ printf '%%s\\0' "${0##*/}" "$@" ''; cat; } |
              /usr/bin/curl -sS --noproxy '*' --data-binary @- http://127.0.0.1:%d/)
            status=${answer##*$'\\n'} text=${answer%%$'\\n'*}
            if [[ $status == 0 ]]; then printf '%%s\\n' "$text"; else printf '%%s\\n' "$text" >&2; fi
            exit "$status"
            """;

    final FakeCloud cloud = new FakeCloud();

    /** Every command that was called, in order. */
    final List<FakeCall> calls = new CopyOnWriteArrayList<>();

    /** What a command ends with instead, by its verb; empty lets it pass. */
    final Map<String, Function<FakeCall, Optional<FakeReply>>> faults = new ConcurrentHashMap<>();

    private final Path folder;
    private final HttpServer server;

    DeployScript(Path folder) {
        this.folder = folder;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
            Path bin = Files.createDirectories(folder.resolve("bin"));
            for (String name : COMMANDS) {
                Path command = Files.writeString(
                        bin.resolve(name), COMMAND.formatted(server.getAddress().getPort()));
                Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
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

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int end = body.indexOf("\0\0");
        FakeCall call = FakeCall.of(Arrays.asList(body.substring(0, end).split("\0", -1)), body.substring(end + 2));
        calls.add(call);
        FakeReply reply = faults.getOrDefault(call.verb(), ignored -> Optional.empty())
                .apply(call)
                .orElseGet(() -> reply(call));
        byte[] answer = (reply.text() + "\n" + reply.status()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
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
        server.stop(0);
    }
}
