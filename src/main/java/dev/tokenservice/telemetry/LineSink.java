package dev.tokenservice.telemetry;

import java.io.Closeable;
import java.io.IOException;

/** Where lines are written that may not get there. */
interface LineSink extends Closeable {

    /**
     * Writes a line whole, or not at all. After a failure the next line may succeed.
     *
     * @throws IOException when it could not be written
     */
    void write(byte[] line) throws IOException;
}
