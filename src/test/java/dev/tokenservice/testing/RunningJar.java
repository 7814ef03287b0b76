package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built jar in a process of its own, on free ports, as an operator starts it. */
public final class RunningJar implements AutoCloseable {

    private static final Path JAR = Path.of(System.getProperty("token-service.jar", "target/token-service.jar"));
    private static final Pattern READY = Pattern.compile("ready on application port (\\d+) and admin port (\\d+)");
    private static final Pattern TLS = Pattern.compile("TLS is terminated on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final int port;
    private final int adminPort;

    private RunningJar(Process process, Path log) throws IOException, InterruptedException {
        this.process = process;
        this.log = log;
        Matcher ready = awaitReady();
        this.port = Integer.parseInt(ready.group(1));
        this.adminPort = Integer.parseInt(ready.group(2));
    }

    /** Starts it for proxies on this machine, and waits until it says that it is ready. */
    public static RunningJar start(Path folder, Map<String, String> environment, List<String> jvmArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-jar", JAR.toString(), "server", "config.yml"));
        Path log = folder.resolve("service.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("PORT", "0", "ADMIN_PORT", "0", "LOG_FORMAT", "text"));
        builder.environment().putAll(Loopback.trusted(environment));
        // Where the tests themselves run is no part of them.
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        try {
            return new RunningJar(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Matcher awaitReady() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            Matcher matcher = READY.matcher(log());
            if (matcher.find()) {
                return matcher;
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the service did not start:\n" + log());
    }

    /** Runs it to its end with these arguments, in an environment of nothing but these variables. */
    public static Ended run(Map<String, String> environment, String... arguments) {
        return run(environment, List.of(), arguments);
    }

    /** The same with arguments for the JVM. */
    public static Ended run(Map<String, String> environment, List<String> jvmArguments, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What is left of a process. */
    public record Ended(int status, String output) {}

    /** Asks it to stop, and does not wait. */
    public ProcessHandle stop() {
        process.destroy();
        return process.toHandle();
    }

    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    /** The port where it terminates TLS itself. */
    public int tlsPort() {
        return TLS.matcher(log())
                .results()
                .mapToInt(result -> Integer.parseInt(result.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("it terminates no TLS:\n" + log()));
    }

    /** Everything it has written so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has ended by itself, and returns its exit status. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("it has not ended:\n" + log());
        }
        return process.exitValue();
    }

    /** Asks it to stop, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
