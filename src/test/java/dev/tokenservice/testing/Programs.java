package dev.tokenservice.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that a machine may have, or not. */
public final class Programs {

    /** Where servers are, and where the search path of an ordinary user does not lead. */
    private static final String SERVERS = "/usr/sbin";

    private Programs() {}

    /**
     * Where a program is.
     *
     * <p>Skips the test, and says so, where it is not installed.
     */
    public static Path require(String program) {
        Optional<Path> found = find(program);
        require(found.isPresent(), program + " is not installed");
        return found.orElseThrow();
    }

    /** Skips the test, and says so, where what it needs is not there. */
    public static void require(boolean there, String otherwise) {
        if (!there) {
            System.out.println("skipped: " + otherwise);
            Assumptions.abort(otherwise);
        }
    }

    private static Optional<Path> find(String program) {
        Stream<String> folders = Arrays.stream(System.getenv("PATH").split(File.pathSeparator));
        return Stream.concat(folders, Stream.of(SERVERS))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
