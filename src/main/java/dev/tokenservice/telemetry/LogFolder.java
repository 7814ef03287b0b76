package dev.tokenservice.telemetry;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a file of lines is, or is made. */
final class LogFolder {

    private LogFolder() {}

    /**
     * Returns the folder of a file.
     *
     * @throws UnusableFileException when there is no such folder, because the service makes none
     */
    static Path of(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UnusableFileException(file, "is in a folder that does not exist: make the folder first");
        }
        return folder;
    }

    /**
     * Says whether the file could be made.
     *
     * @throws UnusableFileException when it could not
     */
    static void checkFile(Path file) {
        Path folder = of(file);
        if (!Files.isWritable(Files.exists(file) ? file : folder) || Files.isDirectory(file)) {
            throw new UnusableFileException(file, "cannot be written: let the service's user write it");
        }
    }
}
