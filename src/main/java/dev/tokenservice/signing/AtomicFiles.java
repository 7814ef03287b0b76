package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files to one folder. Each file appears complete or not at all, also if the program is interrupted. */
final class AtomicFiles {

    private static final String UNFINISHED = ".tmp";

    private final Path folder;
    private final FileOperations operations;

    AtomicFiles(Path folder, FileOperations operations) {
        this.folder = folder;
        this.operations = operations;
    }

    /** Writes a file under a hidden name, which readers ignore, and renames it. */
    Path write(String name, byte[] content) throws IOException {
        Path unfinished = folder.resolve("." + name + UNFINISHED);
        Path file = folder.resolve(name);
        operations.delete(unfinished);
        operations.write(unfinished, content);
        operations.rename(unfinished, file);
        return file;
    }

    void delete(Path file) throws IOException {
        operations.delete(file);
    }

    /** Deletes the hidden files that interrupted programs left. */
    void deleteUnfinished() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".*" + UNFINISHED)) {
            for (Path file : left) {
                operations.delete(file);
            }
        }
    }
}
