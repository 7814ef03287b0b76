package dev.tokenservice.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tokenservice.TestCommandLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * The program {@code java} of a shell under test. It starts the service in a process of its own, and runs the commands that
 * end by themselves in this one, as a start of the JVM takes seconds where many tests share a machine.
 */
public final class ShellJava implements AutoCloseable {

    /** The exit status of a command is the HTTP status beyond this one. */
    private static final int SUCCESS = 200;

    private static final String PROGRAM = """
            #!/bin/sh
            for argument; do
              if [ "$argument" = server ]; then exec %s "$@"; fi
            done
            shift 2
            answer=$(mktemp)
            status=$({ pwd; env; echo; printf '%%s\\n' "$@"; } |
              curl -sS -o "$answer" -w '%%{http_code}' --data-binary @- http://localhost:%d/)
            cat "$answer"
            exit $((status - %d))
            """;

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Puts the program into a folder. */
    public ShellJava(Path folder) throws IOException {
        server.setExecutor(threads);
        server.createContext("/", ShellJava::run);
        server.start();
        String java = TestJvm.command().stream().collect(Collectors.joining("' '", "'", "'"));
        Path program = folder.resolve("java");
        Files.writeString(program, PROGRAM.formatted(java, server.getAddress().getPort(), SUCCESS));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    /** A request has the folder of the command and the variables, then an empty line, then its arguments. */
    private static void run(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<String> lines = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            Path folder = Path.of(lines.get(0));
            int end = lines.indexOf("");
            Map<String, String> variables = lines.subList(1, end).stream()
                    .filter(line -> line.contains("="))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> inFolder(folder, pair[1])));
            TestCommandLine ended = TestCommandLine.run(
                    variables,
                    lines.stream()
                            .skip(end + 1L)
                            .map(argument -> inFolder(folder, argument))
                            .toArray(String[]::new));
            byte[] answer =
                    (ended.output() + ended.errors()).replace(folder + "/", "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(SUCCESS + ended.status(), answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /** This process is in another folder. */
    private static String inFolder(Path folder, String text) {
        return !text.isEmpty() && Files.exists(folder.resolve(text))
                ? folder.resolve(text).toString()
                : text;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
