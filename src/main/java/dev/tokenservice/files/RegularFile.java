package dev.tokenservice.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;

/**
 * Reads whole files that an operator names. A named pipe or a device has no end, and a reader of one waits for a writer that
 * may never come: only a regular file, or a link to one, is opened.
 */
public final class RegularFile {

    static final int MEBIBYTE = 1024 * 1024;

    private RegularFile() {}

    /**
     * Returns the content of a file.
     *
     * @param mebibytes the largest size, whatever the file system says of it
     * @throws UnusableFileException when it is not a regular file, cannot be read, or is larger
     */
    public static byte[] bytes(Path file, int mebibytes) {
        checkKind(file);
        int most = mebibytes * MEBIBYTE;
        try (InputStream input = Files.newInputStream(file)) {
            byte[] content = input.readNBytes(most);
            if (input.read() >= 0) {
                throw tooLarge(file, mebibytes);
            }
            return content;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Returns the content of a file as text in UTF-8, which it must be; see {@link #bytes}. */
    public static String text(Path file, int mebibytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file, mebibytes)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableFileException(file, "is not a text in UTF-8", e);
        }
    }

    static UnusableFileException tooLarge(Path file, int mebibytes) {
        return new UnusableFileException(file, "is larger than " + mebibytes + " MiB");
    }

    static void checkKind(Path file) {
        if (Files.isDirectory(file)) {
            throw new UnusableFileException(file, "is a folder: name a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UnusableFileException(
                    file, "is a pipe, a socket or a device: write the content to a regular file, and name that");
        }
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            throw new UnusableFileException(file, "is a link that leads to no file");
        }
    }

    static UnusableFileException unreadable(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new UnusableFileException(file, "cannot be read: the file does not exist", cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new UnusableFileException(
                    file,
                    "cannot be read: let the service's user (" + System.getProperty("user.name")
                            + ") read it, and search the folders above",
                    cause);
        }
        return new UnusableFileException(
                file, "cannot be read: check that it exists, and that the service may read it", cause);
    }

    /** Returns whether users other than the file's owner and its group may read it; false if the file system cannot tell. */
    public static boolean isReadableByOthers(Path file) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            return false;
        }
    }
}
