package dev.tokenservice.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/** HTTP/1.1 that accounts for what the head of a request holds as long as the request is not complete. */
final class BoundedHttpConnection extends HttpConnection {

    /** While it is read, a character is held in the field and, up to twice, in the buffer that its line grows in. */
    private static final int COST_OF_A_BYTE = 4;

    /** The objects of a field, however short name and value are. */
    private static final int COST_OF_A_FIELD = 160;

    /** Jetty keeps the announced size of a chunk to itself, and reading it a second time could give another number. */
    private static final VarHandle CHUNK_LENGTH = chunkLength();

    /** A client that waits for each answer can also have sent its next request before the server looks for it, but seldom so often. */
    private static final int MOST_AT_ONCE = 4;

    /** No initial values: the constructor of the superclass comes first, and asks for the handler. */
    private int fields;

    /** Requests since the server last had to wait for one. */
    private int atOnce;

    BoundedHttpConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    /** What the head of a request costs in memory that must wait for its body, in bytes. */
    static int costOfHead(Request request) {
        return of(request).cost();
    }

    /**
     * Returns the announced size of the chunk that the request's body has arrived at (RFC 9112 section 7.1); 0 without
     * chunks.
     */
    static long announcedChunk(Request request) {
        HttpParser parser = of(request).getParser();
        return parser.isChunking() ? (long) CHUNK_LENGTH.get(parser) : 0;
    }

    /** Returns whether the server has not had to wait for this request, nor for several before it. */
    static boolean isPipelined(Request request) {
        return of(request).atOnce > MOST_AT_ONCE;
    }

    private static BoundedHttpConnection of(Request request) {
        return (BoundedHttpConnection) request.getConnectionMetaData().getConnection();
    }

    private static VarHandle chunkLength() {
        try {
            return MethodHandles.privateLookupIn(HttpParser.class, MethodHandles.lookup())
                    .findVarHandle(HttpParser.class, "_chunkLength", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private int cost() {
        return COST_OF_A_BYTE * getParser().getHeaderLength() + COST_OF_A_FIELD * fields;
    }

    /** Called when everything that had arrived is parsed. */
    @Override
    public void fillInterested(Callback callback) {
        if (Phase.of(this) == Phase.HEAD && !hold(cost())) {
            getEndPoint().close();
        } else {
            atOnce = 0;
            super.fillInterested(callback);
        }
    }

    /** The same for a body: its own bytes are accounted for where they are kept, but trailers are in the parser. */
    @Override
    public void asyncReadFillInterested() {
        if (getParser().getState() == HttpParser.State.TRAILER && !hold(cost() + FormReader.MAX_LENGTH)) {
            getEndPoint().close();
        } else {
            super.asyncReadFillInterested();
        }
    }

    private boolean hold(int bytes) {
        ClientEndPoint connection = ClientEndPoint.of(getEndPoint());
        return connection.connections().hold(connection, bytes);
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new RequestHandler() {
            @Override
            public void messageBegin() {
                fields = 0;
                atOnce++;
                super.messageBegin();
            }

            @Override
            public void parsedHeader(HttpField field) {
                fields++;
                super.parsedHeader(field);
            }

            /** Nobody looks at trailers, which may be discarded (RFC 9110 section 6.5.1). */
            @Override
            public void parsedTrailer(HttpField field) {
                fields++;
            }
        };
    }
}
