package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;

/** Keeps other commands from changing a folder. The operating system releases the lock when the process ends. */
final class FolderLock implements AutoCloseable {

    private static final String NAME = ".lock";
    private static final long PAUSE_MILLISECONDS = 50;
    private static final int LONGEST_NAME = 20;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Acquires the lock, and waits for it for {@code patience} at most.
     *
     * @throws KeysException after this time; the message names the process that holds the lock
     */
    static FolderLock take(Path folder, Duration patience) throws IOException {
        Path file = folder.resolve(NAME);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                DiskOperations.PRIVATE);
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!locked(channel)) {
                if (System.nanoTime() >= end) {
                    throw new KeysException(folder + " is being changed by the process " + holder(file)
                            + ": wait until it has ended, and run the command again");
                }
                Thread.sleep(PAUSE_MILLISECONDS);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)), 0);
            return new FolderLock(channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new KeysException("interrupted while waiting for " + file);
        } catch (IOException | KeysException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another thread of this process holds the lock.
            return false;
        }
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file, StandardCharsets.ISO_8859_1);
        return pid.matches("[0-9]{1," + LONGEST_NAME + "}") ? pid : "that has locked " + file;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
