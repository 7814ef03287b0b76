package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Changes files until its turn comes, and then ends the process, as it were: before or after that change. */
record InterruptedOperations(AtomicInteger left, boolean before) implements FileOperations {

    /** What ends the process. */
    static final class Interruption extends RuntimeException {}

    private interface Operation {
        void run() throws IOException;
    }

    static InterruptedOperations at(int step, boolean before) {
        return new InterruptedOperations(new AtomicInteger(step), before);
    }

    private void run(Operation operation) throws IOException {
        boolean last = left.decrementAndGet() == 0;
        if (last && before) {
            throw new Interruption();
        }
        operation.run();
        if (last) {
            throw new Interruption();
        }
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        run(() -> DiskOperations.ofPrivateFiles().write(file, content));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        run(() -> DiskOperations.ofPrivateFiles().rename(from, to));
    }

    @Override
    public void delete(Path file) throws IOException {
        run(() -> DiskOperations.ofPrivateFiles().delete(file));
    }
}
