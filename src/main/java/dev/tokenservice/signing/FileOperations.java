package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.Path;

/** What commands do to a folder of keys: each call is done as a whole, or not at all. */
interface FileOperations {

    /** Writes a new file, down to the disk. */
    void write(Path file, byte[] content) throws IOException;

    /** Puts a file into the place of another, or of none, down to the disk. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, if it is there. */
    void delete(Path file) throws IOException;
}
