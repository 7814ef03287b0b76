package dev.tokenservice.telemetry;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Where the file of the audit is to be: a regular file, or none yet, in a folder in which files can be renamed. */
final class AuditFilePlace {

    private AuditFilePlace() {}

    /**
     * Says whether a file could be opened and renamed, without doing so.
     *
     * @throws UnusableFileException when it could not
     */
    static void check(Path path) {
        if (!Files.isWritable(LogFolder.of(path))) {
            throw new UnusableFileException(
                    path, "is in a folder where " + user() + " cannot make files: let it write there");
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink()) {
                throw new UnusableFileException(
                        path, "is a symbolic link, which is not followed: name the file itself");
            }
            if (!attributes.isRegularFile()) {
                throw new UnusableFileException(
                        path, "is not a regular file: name one, or one that does not exist yet");
            }
            if (!Files.isWritable(path)) {
                throw new UnusableFileException(path, "cannot be written: let " + user() + " own it");
            }
        } catch (NoSuchFileException e) {
            // The file is created at start-up.
        } catch (IOException e) {
            throw new UnusableFileException(path, "cannot be looked at: " + reason(e), e);
        }
    }

    private static String user() {
        return "the service's user (" + System.getProperty("user.name") + ")";
    }

    /** The message of these exceptions is the file's name, unless there is a reason. */
    static String reason(IOException failure) {
        return failure instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : failure.toString();
    }
}
