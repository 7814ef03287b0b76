package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.Path;

/** Changes that commands make to a folder of keys. Each call succeeds completely or changes nothing. */
interface FileOperations {

    /** Writes a new file, and returns after it is on the disk. */
    void write(Path file, byte[] content) throws IOException;

    /** Renames a file, replaces an existing one, and returns after the change is on the disk. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file if it exists. */
    void delete(Path file) throws IOException;
}
