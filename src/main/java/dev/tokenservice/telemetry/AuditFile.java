package dev.tokenservice.telemetry;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that nobody but the service's user can read. When it is full it is renamed to {@code NAME.1}, and the ones
 * before to {@code NAME.2} and so on; the oldest is deleted. Used by one thread.
 */
final class AuditFile implements LineSink {

    private static final int MAX_FILES = 5;
    private static final int MAX_MEBIBYTES = 100;
    private static final int MEBIBYTE = 1024 * 1024;

    private static final Set<PosixFilePermission> PERMISSIONS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path path;
    private final long maxBytes;
    private @Nullable FileChannel channel;
    private long size;

    private AuditFile(Path path, long maxBytes) {
        this.path = path;
        this.maxBytes = maxBytes;
    }

    /**
     * Opens a file, or makes it.
     *
     * @throws UnusableFileException when lines cannot be written to it, or another process writes to it
     */
    static AuditFile open(Path path) {
        return open(path, (long) MAX_MEBIBYTES * MEBIBYTE);
    }

    /** The same with files of another size. */
    static AuditFile open(Path path, long maxBytes) {
        AuditFilePlace.check(path);
        AuditFile file = new AuditFile(path, maxBytes);
        try {
            file.opened();
        } catch (IOException e) {
            throw new UnusableFileException(
                    path, "cannot be opened for writing, with mode 0600: " + AuditFilePlace.reason(e), e);
        }
        return file;
    }

    @Override
    public void write(byte[] line) throws IOException {
        FileChannel open = opened();
        if (size > 0 && size + line.length > maxBytes) {
            rotate();
            open = opened();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
            size += line.length;
        } catch (IOException e) {
            takeBackPart(open);
            throw e;
        }
    }

    /** A line of which a part was written would spoil the next one. Where the file cannot be used now, it may be later. */
    private void takeBackPart(FileChannel open) {
        try (open) {
            open.truncate(size);
        } catch (IOException e) {
            // Nothing more can be done: the failure that led here is told.
        } finally {
            channel = null;
        }
    }

    private FileChannel opened() throws IOException {
        if (channel != null) {
            return channel;
        }
        FileChannel open = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PERMISSIONS));
        try {
            lock(open);
            // A file that was there may have had other permissions.
            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(PERMISSIONS);
            size = open.size();
        } catch (IOException e) {
            open.close();
            throw e;
        }
        channel = open;
        return open;
    }

    /** Two processes would rename each other's files. The lock ends with the channel. */
    @SuppressWarnings("resource")
    private static void lock(FileChannel open) throws IOException {
        try {
            if (open.tryLock() == null) {
                throw new IOException("another process writes to it");
            }
        } catch (OverlappingFileLockException e) {
            throw new IOException("this process already writes to it", e);
        }
    }

    private void rotate() throws IOException {
        close();
        for (int number = MAX_FILES - 1; number > 0; number--) {
            Path younger = number == 1 ? path : numbered(number - 1);
            if (Files.exists(younger, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(
                        younger, numbered(number), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
