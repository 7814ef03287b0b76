package dev.tokenservice.outbound;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Reads the heads of the answers on one connection. Each line and the number of headers are bounded by the library; the
 * heads of one exchange together, its interim answers included, are bounded here.
 *
 * <p>A head that leaves in doubt where its answer ends is refused, and the connection with it: what one request is answered
 * must never become the answer to the next (RFC 9112 sections 6.3 and 9.2).
 */
final class AnswerParser extends DefaultHttpResponseParser {

    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_HEADERS = 100;
    private static final int MOST_EMPTY_LINES = 2;

    /** Where the library reads ahead, bytes of the body count as well: up to one buffer of 8 KiB. */
    private static final int MOST_HEAD_BYTES = 64 * 1024;

    private static final int MOST_INTERIM_ANSWERS = 8;

    private int interimAnswers;
    private int headBytes;

    AnswerParser(Http1Config bounds) {
        super(bounds);
    }

    /** Returns the bounds that the library enforces, on heads, on the lines between chunks and on trailers. */
    static Http1Config bounds() {
        return Http1Config.custom()
                .setMaxLineLength(LONGEST_LINE)
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxEmptyLineCount(MOST_EMPTY_LINES)
                .build();
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream input) throws IOException, HttpException {
        if (interimAnswers == 0) {
            headBytes = 0;
            if (buffer.length() > 0) {
                throw new ProtocolException("bytes follow the previous answer");
            }
        }
        ClassicHttpResponse head = super.parse(buffer, new HeadStream(input));
        if (head == null) {
            throw new NoHttpResponseException("the connection was closed before an answer");
        }
        check(head);
        return head;
    }

    private void check(ClassicHttpResponse head) throws IOException, HttpException {
        int status = head.getCode();
        if (status == HttpStatus.SC_SWITCHING_PROTOCOLS) {
            throw new ProtocolException("another protocol was not asked for");
        }
        if (status >= HttpStatus.SC_OK) {
            interimAnswers = 0;
            checkFraming(head);
        } else if (++interimAnswers > MOST_INTERIM_ANSWERS) {
            throw new MessageConstraintException("more than " + MOST_INTERIM_ANSWERS + " interim answers");
        }
    }

    private static void checkFraming(ClassicHttpResponse head) throws ProtocolException {
        int lengths = head.countHeaders(HttpHeaders.CONTENT_LENGTH);
        int codings = head.countHeaders(HttpHeaders.TRANSFER_ENCODING);
        if (lengths + codings > 1) {
            throw new ProtocolException("Content-Length and Transfer-Encoding contradict each other");
        }
    }

    /** Stops at the bound instead of handing over more. */
    private final class HeadStream extends FilterInputStream {

        HeadStream(InputStream input) {
            super(input);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (headBytes >= MOST_HEAD_BYTES) {
                throw new MessageConstraintException("the heads of the answer exceed " + MOST_HEAD_BYTES + " bytes");
            }
            int count = super.read(target, offset, length);
            headBytes += Math.max(0, count);
            return count;
        }
    }
}
