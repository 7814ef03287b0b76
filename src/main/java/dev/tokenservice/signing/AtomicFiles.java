package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of one folder that appear whole or not at all, whatever interrupts the program that writes them. */
final class AtomicFiles {

    private static final String UNFINISHED = ".tmp";

    private final Path folder;
    private final FileOperations operations;

    AtomicFiles(Path folder, FileOperations operations) {
        this.folder = folder;
        this.operations = operations;
    }

    /** Writes a file under a hidden name first, which readers ignore. */
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

    /** Removes what programs have left that were interrupted. */
    void deleteUnfinished() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".*" + UNFINISHED)) {
            for (Path file : left) {
                operations.delete(file);
            }
        }
    }
}
