package dev.tokenservice.mistakes;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Starts services and asks them, and gathers what everybody sees of it. */
final class Scene {

    /** Those that tell of connections and requests which no endpoint sees. */
    private static final List<String> EDGE =
            List.of("dev.tokenservice.server.HandshakeLog", "dev.tokenservice.server.JsonErrorHandler");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Scene() {}

    /** A start that has to fail; what the operator reads then. */
    static Symptoms refusedStart(Map<String, String> variables) {
        List<String> lines;
        try (TestService started = TestService.start(variables)) {
            throw new AssertionError("the service starts, on port " + started.port());
        } catch (IllegalStateException e) {
            lines = Optional.ofNullable(e.getCause())
                    .map(Throwable::getMessage)
                    .orElseThrow()
                    .lines()
                    .toList();
        }
        return new Symptoms(Optional.empty(), lines, Optional.of(doctor(variables)));
    }

    /** The same as a process, where that makes a difference. */
    static Symptoms refusedProcess(Map<String, String> variables, Diagnosis diagnosis) {
        RunningJar.Ended ended = RunningJar.run(variables, "server", "config.yml");
        if (ended.status() == 0) {
            throw new AssertionError("the service does not refuse to start: " + ended.output());
        }
        return new Symptoms(Optional.empty(), ended.output().lines().toList(), Optional.of(diagnosis));
    }

    /** A start that succeeds, and warns. */
    static Symptoms warnedStart(Map<String, String> variables) {
        List<String> lines;
        try (TestLog log = new TestLog();
                TestService started = TestService.startWithoutProof(variables)) {
            lines = lines(log);
        }
        return new Symptoms(Optional.empty(), lines, Optional.of(doctor(variables)));
    }

    /** A request to a running service; nothing that doctor could see. */
    static Symptoms asked(TestService service, Request request) {
        return asked(() -> service.send(request));
    }

    /** A request, however it is sent. */
    static Symptoms asked(Supplier<Response> request) {
        try (TestLog log = new TestLog()) {
            Response answer = request.get();
            awaitLine(log);
            return new Symptoms(Optional.of(answer), lines(log), Optional.empty());
        }
    }

    /** An attempt to connect, of which nothing comes. */
    interface Handshake {
        void make() throws IOException;
    }

    /** A handshake that fails; what the client sees of it differs by version and timing. */
    static Symptoms handshake(Handshake handshake) {
        try (TestLog log = new TestLog()) {
            try {
                handshake.make();
            } catch (IOException | UncheckedIOException e) {
                awaitLine(log);
                return new Symptoms(Optional.empty(), lines(log), Optional.empty());
            }
            throw new AssertionError("the handshake succeeds");
        }
    }

    private static void awaitLine(TestLog log) {
        Instant end = Instant.now().plus(PATIENCE);
        while (log.audit().isEmpty() && edge(log).isEmpty() && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static List<String> edge(TestLog log) {
        return EDGE.stream()
                .flatMap(logger -> log.of(logger).stream())
                .map(Scene::words)
                .toList();
    }

    /** The same symptoms, and what doctor says of the same configuration. */
    static Symptoms withDoctor(Symptoms symptoms, Map<String, String> variables, Clock clock) {
        return new Symptoms(symptoms.answer(), symptoms.log(), Optional.of(doctor(variables, clock)));
    }

    /** What doctor says of a configuration. */
    static Diagnosis doctor(Map<String, String> variables) {
        return doctor(variables, Clock.systemUTC());
    }

    /** With a key that is made quickly, where one is made. */
    private static Diagnosis doctor(Map<String, String> variables, Clock clock) {
        Map<String, String> environment = new HashMap<>(Map.of("SIGNING_ALGORITHM", "ES256"));
        environment.putAll(variables);
        return TestDoctor.run(environment, clock);
    }

    private static List<String> lines(TestLog log) {
        List<String> lines =
                new ArrayList<>(log.audit().stream().map(Scene::words).toList());
        lines.addAll(edge(log));
        lines.addAll(Arrays.asList(log.text(Level.WARN).split("\\R")));
        return lines;
    }

    /** What an audit line says in words: what the client is told, and what only the operator may read. */
    private static String words(ILoggingEvent event) {
        Map<String, String> fields = TestLog.fields(event);
        return fields.getOrDefault("reason", "") + " " + fields.getOrDefault("detail", "");
    }
}
