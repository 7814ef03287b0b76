package dev.tokenservice.server;

import dev.tokenservice.telemetry.Exhaustion;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Buffers for what is read and written. The bounds are of what is kept for later use. Where the JVM has no memory for one
 * more, Jetty would close one connection after the other, and go on.
 */
final class BoundedBuffers extends ArrayByteBufferPool {

    private static final int MIN_CAPACITY = 64;
    private static final int FACTOR = 1024;
    private static final int MAX_CAPACITY = 64 * 1024;
    private static final int MAX_OF_A_SIZE = 1024;
    private static final long MAX_KEPT = 16L * 1024 * 1024;

    BoundedBuffers() {
        super(MIN_CAPACITY, FACTOR, MAX_CAPACITY, MAX_OF_A_SIZE, MAX_KEPT, MAX_KEPT);
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
        try {
            return super.acquire(size, direct);
        } catch (OutOfMemoryError e) {
            Exhaustion.endIfCausedBy(e);
            throw e;
        }
    }
}
