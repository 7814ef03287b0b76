package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestJvm;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that the image is built with, made as its Dockerfile makes it. */
class ClassArchiveIT {

    private static final Path TRAIN = Path.of("scripts/train-archive").toAbsolutePath();
    private static final String WARNING = "is not used, so start-up takes longer";

    @TempDir
    Path folder;

    @BeforeEach
    void onlyWhereTheKernelTells() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "skipped: only Linux tells what is mapped");
    }

    @Test
    @Tag("scripts-and-pages")
    void start_withTheArchiveOfTheTraining_usesIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: bash is not installed");
        Files.copy(TestJvm.JAR, folder.resolve("token-service.jar"));
        Files.copy(Path.of("config.yml"), folder.resolve("config.yml"));
        Files.copy(Path.of("ops/image/jvm.options"), folder.resolve("jvm.options"));

        Ended training = run(folder, TRAIN.toString(), folder.toString());
        assertThat(training.status()).as(training.output()).isZero();
        String option = training.output().strip();
        assertThat(folder.resolve(option.substring(option.indexOf('=') + 1))).isRegularFile();

        Ended check = run(
                folder,
                TestJvm.JAVA,
                "@jvm.options",
                option,
                "-Xlog:class+load",
                "-jar",
                "token-service.jar",
                "check",
                "config.yml");
        assertThat(check.status()).isZero();
        assertThat(check.output())
                .containsPattern("dev\\.tokenservice\\.TokenServiceConfiguration source: shared objects file");
    }

    @Test
    @Tag("scripts-and-pages")
    void start_withAnArchiveThatTheJvmIgnores_warns() throws Exception {
        Path archive = Files.writeString(folder.resolve("token-service.jsa"), "of another JVM");

        try (RunningJar jar = RunningJar.start(
                folder, Map.of("SIGNING_ALGORITHM", "ES256"), List.of("-XX:SharedArchiveFile=" + archive))) {
            assertThat(jar.log()).contains("the class archive " + archive + " " + WARNING);
        }
    }

    @Test
    void start_withoutAnArchive_warnsOfNothing() {
        try (TestLog log = new TestLog();
                TestService service = TestService.start(Map.of())) {
            assertThat(service.port()).isPositive();
            assertThat(log.text(Level.WARN)).doesNotContain(WARNING);
        }
    }

    private record Ended(int status, String output) {}

    private static Ended run(Path folder, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
