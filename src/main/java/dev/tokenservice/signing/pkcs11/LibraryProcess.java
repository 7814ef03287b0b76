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
 * A process with the library of a token. One that does not answer in time is ended: a library that hangs holds no thread of this
 * process, and no request. Safe for use by many threads.
 */
final class LibraryProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibraryProcess.class);

    /** A Java of its own has little to do here. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=16m",
            "-XX:-UsePerfData",
            SlotOfLabel.JVM_OPTION);

    /** Options that are meant for the service. */
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

    /** Libraries write what they have to say. */
    private void note(String line) {
        if (notes.take().isPresent()) {
            LOG.warn("the PKCS#11 library says: {}", LogLine.cut(line, LONGEST_NOTE));
        }
    }

    /** Asks for something, and ends the process where there is no answer in time. */
    List<byte[]> ask(String verb, List<byte[]> fields, Duration patience) throws TokenException {
        Message request = new Message(ids.incrementAndGet(), verb, fields);
        CompletableFuture<Message> asked = new CompletableFuture<>();
        waiting.put(request.id(), asked);
        CompletableFuture<Message> limited = asked.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        // Where the other side does not read, a write waits as well: the end of the process ends it.
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
