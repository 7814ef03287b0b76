package dev.tokenservice.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classes of the jar as the JVM has them in memory, in an archive that JVMs map: a start takes about half the processor time. It
 * lies beside the jar. The first process that needs it makes it, while others wait.
 */
final class JarArchive {

    private static final Path FOLDER = TestJvm.JAR.toAbsolutePath().resolveSibling("class-archive");
    private static final Path ARCHIVE = FOLDER.resolve(Runtime.version() + ".jsa");

    /** Says when this JVM was last asked for one: some crash while they write it, and would do so again. */
    private static final Path ASKED = FOLDER.resolve(Runtime.version() + ".asked");

    /** On a machine that is busy with other tests. */
    private static final Duration TO_WRITE = Duration.ofMinutes(2);

    private JarArchive() {}

    /** Returns the archive for this JVM, or empty if the JVM makes none. */
    static Optional<Path> find() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        try (FileChannel channel =
                        FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock unused = channel.lock()) {
            if (!isAsked()) {
                Files.writeString(ASKED, "");
                make();
            }
        }
        return Optional.of(ARCHIVE).filter(Files::exists);
    }

    private static boolean isAsked() throws IOException {
        return Files.exists(ASKED)
                && Files.getLastModifiedTime(ASKED).compareTo(Files.getLastModifiedTime(TestJvm.JAR)) > 0;
    }

    /** Starts the service, gets a token, and has the JVM write the classes that it has loaded when it ends. */
    private static void make() throws IOException, InterruptedException {
        Files.deleteIfExists(ARCHIVE);
        Path file = FOLDER.resolve("new.jsa");
        List<String> command = new ArrayList<>(TestJvm.WITHOUT_ARCHIVE);
        command.add("-XX:ArchiveClassesAtExit=" + file);
        command.add("-XX:ErrorFile=" + FOLDER.resolve("crash.log"));
        try (RunningJar service =
                RunningJar.start(FOLDER, Map.of("SIGNING_ALGORITHM", "ES256"), command, "config.yml")) {
            Headers client = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                    .client()
                    .uri("spiffe://example.org/robot")
                    .issue());
            Http.send(service.port(), TestService.tokenRequest(client));
            service.stop();
            service.awaitEnd(TO_WRITE);
        }
        if (Files.exists(file)) {
            Files.move(file, ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
