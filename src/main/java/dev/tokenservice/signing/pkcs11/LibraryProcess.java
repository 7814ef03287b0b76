package dev.tokenservice.signing.pkcs11;

import dev.tokenservice.telemetry.LineBudget;
import dev.tokenservice.telemetry.LogLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process with the PKCS#11 library. A process that does not answer in time is killed, so that a library that hangs blocks
 * no thread and no request. Thread-safe.
 */
final class LibraryProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibraryProcess.class);

    /** Small limits, because the process does little. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=16m",
            "-XX:-UsePerfData",
            SlotOfLabel.JVM_OPTION);

    /** Variables with JVM options of the service, which the process must not inherit. */
    private static final List<String> OF_THE_SERVICE =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final int LONGEST_NOTE = 200;

    private final Process process;
    private final OutputStream requests;
    private final LineBudget notes = new LineBudget(Clock.systemUTC());
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    private volatile boolean ended;

    private LibraryProcess(Process process) {
        this.process = process;
        this.requests = process.getOutputStream();
    }

    static LibraryProcess start(Pkcs11Uri uri) throws TokenException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TokenAgent.class.getName(), uri.text()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(OF_THE_SERVICE);
        try {
            LibraryProcess started = new LibraryProcess(builder.start());
            Thread reader = new Thread(started::read, "pkcs11-answers");
            reader.setDaemon(true);
            reader.start();
            return started;
        } catch (IOException e) {
            throw TokenException.of(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = line;
                Message.of(text).ifPresentOrElse(this::take, () -> note(text));
            }
        } catch (IOException e) {
            LOG.debug("the process with the PKCS#11 library has ended", e);
        }
        ended = true;
        waiting.values().forEach(answer -> answer.completeExceptionally(ended()));
    }

    private static TokenException ended() {
        return new TokenException("the process with the PKCS#11 library has ended");
    }

    private void take(Message answer) {
        CompletableFuture<Message> asked = waiting.remove(answer.id());
        if (asked != null) {
            asked.complete(answer);
        }
    }

    /** Logs what the library writes to its output. */
    private void note(String line) {
        if (notes.take().isPresent()) {
            LOG.warn("the PKCS#11 library says: {}", LogLine.cut(line, LONGEST_NOTE));
        }
    }

    /** Sends a request, and kills the process if it does not answer in time. */
    List<byte[]> ask(String verb, List<byte[]> fields, Duration patience) throws TokenException {
        Message request = new Message(ids.incrementAndGet(), verb, fields);
        CompletableFuture<Message> asked = new CompletableFuture<>();
        waiting.put(request.id(), asked);
        CompletableFuture<Message> limited = asked.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        // If the process does not read, the write below also blocks, until the process is killed.
        CompletableFuture<Message> unused = limited.whenComplete((answer, failure) -> {
            if (failure instanceof TimeoutException) {
                close();
            }
        });
        try {
            send(request);
            return limited.get().content();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TimeoutException
                    ? new TokenException("the PKCS#11 library has not answered for " + patience.toSeconds() + " s")
                    : TokenException.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TokenException.of(e);
        } finally {
            waiting.remove(request.id());
        }
    }

    private void send(Message request) throws TokenException {
        try {
            synchronized (requests) {
                requests.write(Message.bytes(request.line()));
                requests.flush();
            }
        } catch (IOException e) {
            throw ended();
        }
        if (ended) {
            throw ended();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
