package dev.tokenservice.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The archive of loaded classes that shortens the start-up. A JVM ignores one silently that was made for another jar (its path,
 * its time of change), another JVM or another garbage collector; the service then works, but starts in twice the time.
 */
public final class ClassArchive {

    private static final List<String> OPTIONS = List.of("-XX:AOTCache=", "-XX:SharedArchiveFile=");

    /** What the kernel says is mapped into this process. No interface of the JVM returns whether it uses the archive. */
    private static final Path MAPPED = Path.of("/proc/self/maps");

    private ClassArchive() {}

    /** What is wrong with the archive that this JVM was told to use; empty if there is nothing to say, or no way to know. */
    public static Optional<String> problem() {
        return file(ManagementFactory.getRuntimeMXBean().getInputArguments())
                .filter(file -> Files.isReadable(MAPPED) && !isMapped(file))
                .map(file -> "the class archive " + file + " is not used, so start-up takes longer: make it again "
                        + "with this JVM, this jar at this path and these options (scripts/train-archive)");
    }

    /** Returns the file that the last such option names; several are a base and what builds on it. */
    static Optional<Path> file(List<String> arguments) {
        return arguments.stream()
                .flatMap(argument -> OPTIONS.stream()
                        .filter(argument::startsWith)
                        .map(option -> argument.substring(option.length())))
                .reduce((earlier, later) -> later)
                .map(files -> Path.of(files.substring(files.lastIndexOf(':') + 1)));
    }

    private static boolean isMapped(Path file) {
        try (Stream<String> lines = Files.lines(MAPPED)) {
            String name = file.toRealPath().toString();
            return lines.anyMatch(line -> line.endsWith(" " + name));
        } catch (IOException e) {
            // There is no such file.
            return false;
        }
    }
}
