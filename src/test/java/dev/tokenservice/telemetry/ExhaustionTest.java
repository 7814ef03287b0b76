package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.tokenservice.testing.TestJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Wherever a lack of memory shows, the process ends, also where the JVM was not told to do so. */
class ExhaustionTest {

    /** A process that goes on but for what ends it. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            OutOfMemoryError failure = new OutOfMemoryError("a test's");
            if (arguments[0].equals("thread")) {
                Exhaustion.watchThreads();
                Thread thread = new Thread(() -> {
                    throw failure;
                });
                thread.start();
            } else {
                LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
                context.addTurboFilter(new ExhaustionFilter());
                LoggerFactory.getLogger(Child.class).warn("a job failed", new IllegalStateException(failure));
            }
            TimeUnit.MINUTES.sleep(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "log"})
    void memory_noneLeft_endsTheProcess(String where) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        TestJvm.JAVA, "-cp", System.getProperty("java.class.path"), Child.class.getName(), where)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isEqualTo(Exhaustion.STATUS);
        assertThat(output).contains("the process exits so that its platform restarts it: a test's");
    }
}
