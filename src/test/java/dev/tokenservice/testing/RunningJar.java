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
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built jar in a process of its own, on free ports, as an operator starts it. */
public final class RunningJar implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready on application port (\\d+) and admin port (\\d+)");
    private static final Pattern TLS = Pattern.compile("TLS is terminated on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(40);
    private static final int LOOKS = 25;

    private final Process process;
    private final Path log;
    private final int port;
    private final int adminPort;

    private RunningJar(Process process, Path log) throws InterruptedException {
        this.process = process;
        this.log = log;
        Matcher ready = await(READY);
        this.port = Integer.parseInt(ready.group(1));
        this.adminPort = Integer.parseInt(ready.group(2));
    }

    /** Starts it for proxies on this machine, and waits until it says that it is ready. */
    public static RunningJar start(Path folder, Map<String, String> environment, List<String> jvmArguments) {
        return start(folder, environment, List.of(), jvmArguments);
    }

    /** The same where the operating system gives it no more than these descriptors for files and connections. */
    public static RunningJar startWith(Path folder, Map<String, String> environment, int descriptors) {
        String shell = "ulimit -n " + descriptors + " && exec \"$@\"";
        return start(folder, environment, List.of("sh", "-c", shell, "sh"), List.of());
    }

    /** The same with a console, for standard output and error, that takes no more once the service is ready. */
    public static RunningJar startOnFullConsole(Path folder, Map<String, String> environment) {
        Path pipe = folder.resolve("console");
        String shell = "mkfifo " + pipe + " && { (sed -u '/ready on application port/q'; exec sleep 150) <" + pipe
                + " & } && exec \"$@\" >" + pipe + " 2>&1";
        return start(folder, environment, List.of("sh", "-c", shell, "sh"), List.of());
    }

    /** The same with a terminal of its own as standard input. */
    public static RunningJar startOnTerminal(Path folder, Map<String, String> environment) {
        String shell = "exec script --quiet --return --command \"exec $*\" /dev/null";
        return start(folder, environment, List.of("sh", "-c", shell, "sh"), List.of());
    }

    /** The same with another configuration file. */
    public static RunningJar startWithFile(Path folder, Map<String, String> environment, Path configuration) {
        return start(folder, environment, TestJvm.command(), configuration.toString());
    }

    private static RunningJar start(
            Path folder, Map<String, String> environment, List<String> launcher, List<String> jvmArguments) {
        List<String> java = new ArrayList<>(launcher);
        java.addAll(TestJvm.command());
        java.addAll(jvmArguments);
        return start(folder, environment, java, "config.yml");
    }

    /** The same with another program and options of the JVM. */
    static RunningJar start(Path folder, Map<String, String> environment, List<String> java, String configuration) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-jar", TestJvm.JAR.toString(), "server", configuration));
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

    private Matcher await(Pattern line) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            Matcher matcher = line.matcher(written());
            if (matcher.find()) {
                return matcher;
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the service did not say '" + line + "':\n" + log());
    }

    /** Waits until it has written a text. */
    public void awaitLine(String text) throws InterruptedException {
        Matcher unused = await(Pattern.compile(text, Pattern.LITERAL));
    }

    /** Sends SIGHUP to the JVM. */
    public void hangUp() throws IOException, InterruptedException {
        long jvm = process.descendants()
                .reduce((outer, inner) -> inner)
                .orElse(process.toHandle())
                .pid();
        if (new ProcessBuilder("kill", "-HUP", Long.toString(jvm))
                        .inheritIO()
                        .start()
                        .waitFor()
                != 0) {
            throw new IllegalStateException("there is no process " + jvm);
        }
    }

    /** Runs it to its end with these arguments, in an environment of nothing but these variables. */
    public static Ended run(Map<String, String> environment, String... arguments) {
        return run(environment, List.of(), arguments);
    }

    /** The same with arguments for the JVM. */
    public static Ended run(Map<String, String> environment, List<String> jvmArguments, String... arguments) {
        List<String> command = new ArrayList<>(TestJvm.command());
        command.addAll(jvmArguments);
        command.addAll(List.of("-jar", TestJvm.JAR.toString()));
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

    /** The most memory that it has had until now, in bytes, as Linux counts it. */
    public long mostMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

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

    /** Everything it has written so far. Lines are written together, some milliseconds after what they are about. */
    public String log() {
        int length = written().length();
        for (int look = 0; look < LOOKS; look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            String now = written();
            if (now.length() == length) {
                return now;
            }
            length = now.length();
        }
        return written();
    }

    private String written() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has ended by itself, and returns its exit status. */
    public int awaitEnd() throws InterruptedException {
        return awaitEnd(PATIENCE);
    }

    /** The same for another time. */
    public int awaitEnd(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("it has not ended:\n" + log());
        }
        return process.exitValue();
    }

    /** Ends it without its shutdown, in which it reports for a second that it is not ready. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
