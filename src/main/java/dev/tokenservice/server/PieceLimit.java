package dev.tokenservice.server;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request whose body comes in a bounded number of pieces: chunks of one byte cost a hundred times what one chunk does. */
final class PieceLimit extends Request.Wrapper {

    /** 32 bytes for each piece of a body of 64 KiB. */
    static final int MAX_PIECES = 2_048;

    private int pieces;

    PieceLimit(Request request) {
        super(request);
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk = super.read();
        if (chunk == null || chunk.isLast() || Content.Chunk.isFailure(chunk) || ++pieces <= MAX_PIECES) {
            return chunk;
        }
        chunk.release();
        return Content.Chunk.from(
                new HttpException.RuntimeException(
                        HttpStatus.BAD_REQUEST_400, "a body in more than " + MAX_PIECES + " pieces"),
                true);
    }
}
