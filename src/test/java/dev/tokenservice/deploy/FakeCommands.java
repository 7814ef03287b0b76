package dev.tokenservice.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Commands that a script calls, answered by the test. In bash they are functions, so that a call starts no process. */
final class FakeCommands implements AutoCloseable {

    /** Hands the command's words and its input over, each with a NUL behind it, and takes text, line end and status. */
    private static final String FUNCTION = """
            answered_by_test() { # name, arguments
              local input answer status connection
              IFS= read -r -d '' input || :
              exec {connection}<>/dev/tcp/127.0.0.1/PORT
              printf '%s\\0' "$#" "$@" "$input" >&"$connection"
              IFS= read -r -d '' answer <&"$connection" || :
              exec {connection}>&-
              status=${answer##*$'\\n'} answer=${answer%$'\\n'*}
              if [[ $status == 0 ]]; then printf '%s\\n' "$answer"; else printf '%s\\n' "$answer" >&2; fi
              return "$status"
            }
            """;

    /** For what looks for a program, such as another program. */
    private static final String PROGRAM = """
            #!/usr/bin/env bash
            answered_by_test "${0##*/}" "$@"
            """;

    private final Function<FakeCall, FakeReply> replies;
    private final Path programs;
    private final Path functions;
    private final ServerSocket server;

    /** Puts the commands into the folder. */
    FakeCommands(Path folder, List<String> names, Function<FakeCall, FakeReply> replies) {
        this.replies = replies;
        programs = folder.resolve("bin");
        functions = folder.resolve("functions.sh");
        try {
            server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            Files.createDirectories(programs);
            StringBuilder text = new StringBuilder(FUNCTION.replace("PORT", "" + server.getLocalPort()));
            for (String name : names) {
                text.append(name).append("() { answered_by_test ").append(name).append(" \"$@\"; }\n");
                Files.setPosixFilePermissions(
                        Files.writeString(programs.resolve(name), PROGRAM),
                        PosixFilePermissions.fromString("rwx------"));
            }
            Files.writeString(functions, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "fake commands");
        thread.setDaemon(true);
        thread.start();
    }

    /** The variables of a process that finds these commands, and those of the system behind them. */
    Map<String, String> environment() {
        return Map.of("PATH", programs + ":/usr/bin:/bin", "BASH_ENV", functions.toString());
    }

    /** One call after the other: a test's state is not for several threads. */
    private void serve() {
        try {
            while (true) {
                try (Socket connection = server.accept()) {
                    FakeReply reply = reply(new BufferedInputStream(connection.getInputStream()));
                    String answer = reply.text() + "\n" + reply.status();
                    connection.getOutputStream().write(answer.getBytes(UTF_8));
                }
            }
        } catch (IOException e) {
            close();
        }
    }

    private FakeReply reply(InputStream input) throws IOException {
        List<String> words = new ArrayList<>();
        for (int left = Integer.parseInt(field(input)); left > 0; left--) {
            words.add(field(input));
        }
        FakeCall call = FakeCall.of(words, field(input));
        try {
            return replies.apply(call);
        } catch (RuntimeException e) {
            return FakeReply.error("the test failed: " + e);
        }
    }

    private static String field(InputStream input) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = input.read(); next > 0; next = input.read()) {
            bytes.write(next);
        }
        return bytes.toString(UTF_8);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
