package dev.tokenservice.deploy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Programs that some machines have. */
final class InstalledProgram {

    private InstalledProgram() {}

    /** Where the program is; where it is not, the test is skipped and says so. */
    static Path orSkip(String program) {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            System.out.println("skipped: " + program + " is not installed");
            Assumptions.abort(program + " is not installed");
        }
        return found.orElseThrow();
    }
}
