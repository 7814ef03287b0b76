package dev.tokenservice.server;

import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.server.internal.HttpConnection;

/** What a connection is waited for, and how long it may keep everybody waiting, whatever bytes arrive meanwhile. */
enum Phase {

    /** From accept to the first byte of a request; a TLS handshake is part of it. */
    OPENED(10),

    /** From the first byte of a request to the end of its headers. */
    HEAD(10),

    /** From the end of the headers to the last byte of the body. */
    BODY(20),

    /** From a complete request to the last byte of its answer. An answer is made within 10 seconds; the rest is reading. */
    ANSWER(60),

    /** From an answer to the next request. */
    IDLE(30),

    /** From a last answer until the client has closed its side. */
    CLOSING(10);

    private final Duration limit;

    Phase(int seconds) {
        this.limit = Duration.ofSeconds(seconds);
    }

    /** What the connection does at this moment. To be asked from any thread. */
    static Phase of(HttpConnection connection) {
        return switch (connection.getParser().getState()) {
            case START -> connection.getMessagesIn() == 0 ? OPENED : IDLE;
            case CONTENT, EOF_CONTENT, CHUNKED_CONTENT, CHUNK_SIZE, CHUNK, CHUNK_END, CONTENT_END, TRAILER -> BODY;
            case END -> ANSWER;
            case CLOSE, CLOSED -> CLOSING;
            default -> HEAD;
        };
    }

    Duration limit() {
        return limit;
    }

    /** Returns the word for it in a metric. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
