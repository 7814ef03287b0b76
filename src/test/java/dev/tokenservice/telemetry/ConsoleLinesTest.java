package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConsoleLinesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintStream standardOutput = System.out;
    private final Logger logger = (Logger) LoggerFactory.getLogger("test");
    private final Console console = new Console();
    private final ConsoleLines lines = new ConsoleLines(new LayoutBase<>() {
        @Override
        public String doLayout(ILoggingEvent event) {
            if (event.getMessage().equals("bad")) {
                throw new IllegalArgumentException("bad");
            }
            return event.getMessage() + "\n";
        }
    });

    /** Keeps what each write brings; the first one waits to be released. */
    private static final class Console extends OutputStream {

        private final List<String> writes = new CopyOnWriteArrayList<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int length) {
            begun.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            writes.add(new String(bytes, start, length, StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void replaceConsole() {
        System.setOut(new PrintStream(console, true, StandardCharsets.UTF_8));
        lines.setContext(logger.getLoggerContext());
        lines.start();
    }

    @AfterEach
    void restoreConsole() {
        console.released.countDown();
        lines.stop();
        System.setOut(standardOutput);
    }

    private void log(String message) {
        lines.doAppend(new LoggingEvent("test", logger, Level.INFO, message, null, new Object[0]));
    }

    @Test
    void append_whileOneLineIsWritten_othersShareOneWriteInOrder() throws InterruptedException {
        log("first");
        console.begun.await();
        IntStream.range(0, 100).forEach(i -> log("line " + i));
        console.released.countDown();
        lines.flush(PATIENCE);

        assertThat(console.writes)
                .containsExactly(
                        "first\n",
                        IntStream.range(0, 100)
                                .mapToObj(i -> "line " + i + "\n")
                                .collect(Collectors.joining()));
    }

    @Test
    void append_lineThatCannotBeComposed_othersWritten() {
        console.released.countDown();
        log("bad");
        log("good");
        lines.flush(PATIENCE);

        assertThat(String.join("", console.writes)).isEqualTo("good\n");
    }

    @Test
    void stop_linesThatWait_written() throws InterruptedException {
        log("first");
        console.begun.await();
        log("second");
        lines.stop();
        console.released.countDown();
        lines.flush(PATIENCE);

        assertThat(String.join("", console.writes)).isEqualTo("first\nsecond\n");
    }
}
