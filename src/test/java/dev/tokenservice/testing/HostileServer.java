package dev.tokenservice.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * A server on a plain socket that answers every request in a hostile way. An endless answer goes on until the client
 * closes the connection, which every client has to do.
 */
public final class HostileServer implements AutoCloseable {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String FORBIDDEN = "HTTP/1.1 403 Forbidden\r\n";
    private static final long PAUSE_MILLISECONDS = 100;
    private static final String TOKEN =
            "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\",\"token_type\":\"Bearer\"";

    private final ServerSocket socket;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile List<Mode> modes = List.of(Mode.PROPER);

    /** What is answered: a beginning, and then a block again and again, unless it is empty. */
    @SuppressWarnings("ImmutableEnumChecker") // Nobody outside sees the arrays.
    public enum Mode {
        PROPER(answer(token("3599"))),
        ENDLESS_HEADER_LINE(OK + "X-A: ", "a".repeat(65_536)),
        ENDLESS_HEADERS(OK, ("X-B: " + "b".repeat(100) + "\r\n").repeat(500)),
        ENDLESS_COOKIES(OK, "Set-Cookie: a=b\r\n".repeat(1000)),
        LARGE_HEADERS(OK + ("X-C: " + "c".repeat(8000) + "\r\n").repeat(90) + "Content-Length: 2\r\n\r\n{}"),
        ENDLESS_INTERIM_ANSWERS("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(100)),
        ENDLESS_CONTINUE("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100)),
        ENDLESS_STATUS("HTTP/1.1 200 ", "a".repeat(65_536)),
        ENDLESS_EMPTY_LINES("", "\r\n".repeat(1000)),
        ENDLESS_CHUNK_EXTENSION(CHUNKED + "1;", "a".repeat(65_536)),
        ENDLESS_TRAILERS(CHUNKED + "2\r\n{}\r\n0\r\n", "X-D: d\r\n".repeat(1000)),
        ENDLESS_BODY(CHUNKED, "8000\r\n" + " ".repeat(0x8000) + "\r\n"),
        ENDLESS_BODY_WITHOUT_LENGTH(OK + "\r\n", " ".repeat(65_536)),
        /** A byte ten times a second, so that no single read takes long. */
        SLOW_HEAD(OK + "X-A: ", "a"),
        SLOW_BODY(OK + "Content-Length: 100000\r\n\r\n", " "),
        NO_HTTP("{\"access_token\":\"x\"}\r\n\r\n"),
        UPGRADE("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        REDIRECT("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
        HUGE_LENGTH(OK + "Content-Length: 9223372036854775807\r\n\r\n", " ".repeat(65_536)),
        LENGTH_BEYOND_A_LONG(OK + "Content-Length: 99999999999999999999\r\n\r\n{}"),
        NEGATIVE_LENGTH(OK + "Content-Length: -1\r\n\r\n{}"),
        TWO_LENGTHS(OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
        LENGTH_AND_CHUNKS(OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        BAD_CHUNK(CHUNKED + "-1\r\n{}\r\n0\r\n\r\n"),
        GZIP_BOMB(OK + "Content-Encoding: gzip\r\n", bomb()),
        DEEP_JSON(answer("[".repeat(200_000))),
        DEEP_MEMBER(answer("{\"x\":" + "[".repeat(40) + "]".repeat(40) + ","
                + token("3599").substring(1))),
        MEMBER_AFTER_BYTE_ORDER_MARK(answer(
                "\u00ef\u00bb\u00bf{\"access_token\":\"x\"," + token("3599").substring(1))),
        MEMBER_IN_ANOTHER_CHARSET(
                inUtf16("{\"access_token\":\"x\"," + token("3599").substring(1))),
        TWO_OBJECTS(answer(token("3599") + token("3599"))),
        DEEP_ERROR(answer(FORBIDDEN, "{\"error\":" + "[".repeat(40) + "]".repeat(40) + "}")),
        REPEATED_ERROR(answer(FORBIDDEN, "{\"error\":\"access_denied\",\"error\":\"invalid_scope\"}")),
        HUGE_NUMBER_IN_ERROR(answer(FORBIDDEN, "{\"error\":{\"code\":1e999999999}}")),
        LONG_ERROR(answer(FORBIDDEN, "{\"error\":\"" + "a".repeat(2 << 20) + "\"}")),
        REPEATED_MEMBER(answer("{\"access_token\":\"x\"," + token("3599").substring(1))),
        LONG_NUMBER(answer(token("9".repeat(900)))),
        HUGE_NUMBER(answer(token("1e999999999"))),
        NUMBER_BEYOND_64_BITS(answer(token("99999999999999999999"))),
        HEADER_IN_TOKEN(answer(token("3599").replace("ya29", "ya29\\r\\nX-Injected: 1\\u0000\\u00e9")));

        private final byte[] beginning;
        private final byte[] block;

        Mode(String beginning) {
            this(beginning, "");
        }

        Mode(String beginning, String block) {
            this(beginning, block.getBytes(StandardCharsets.ISO_8859_1));
        }

        Mode(String beginning, byte[] content) {
            boolean compressed = beginning.contains("gzip");
            this.beginning = compressed
                    ? concatenated(beginning + "Content-Length: " + content.length + "\r\n\r\n", content)
                    : beginning.getBytes(StandardCharsets.ISO_8859_1);
            this.block = compressed ? new byte[0] : content;
        }
    }

    private HostileServer(ServerSocket socket) {
        this.socket = socket;
    }

    public static HostileServer start() {
        try {
            HostileServer server = new HostileServer(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
            daemon(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://localhost:" + socket.getLocalPort();
    }

    /** From now on every request is answered like this. */
    public void answer(Mode next) {
        answer(List.of(next));
    }

    /** From now on requests are answered like these, in turns. */
    public void answer(List<Mode> next) {
        modes = List.copyOf(next);
    }

    /** How many requests there were. */
    public int requests() {
        return requests.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            while (readRequest(in)) {
                List<Mode> turns = modes;
                Mode current = turns.get(requests.getAndIncrement() % turns.size());
                OutputStream out = client.getOutputStream();
                out.write(current.beginning);
                while (current.block.length > 0) {
                    out.write(current.block);
                    if (current.block.length == 1) {
                        Thread.sleep(PAUSE_MILLISECONDS);
                    }
                }
            }
        } catch (IOException e) {
            // The client has had enough, as it should.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was one: its head up to the empty line, and a body of the announced length. */
    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            head.append((char) c);
        }
        for (String line : head.toString().split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                in.readNBytes(Integer.parseInt(line.substring(15).strip()));
            }
        }
        return true;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "hostile-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static String token(String expiresIn) {
        return "{\"access_token\":\"ya29\",\"expires_in\":" + expiresIn + "," + TOKEN + "}";
    }

    private static String answer(String json) {
        return answer(OK, json);
    }

    private static String inUtf16(String json) {
        String bytes = new String(json.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1);
        return answer(bytes).replace("application/json", "application/json; charset=UTF-16BE");
    }

    private static String answer(String status, String json) {
        return status + "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
    }

    /** 64 MiB of spaces in 64 KiB. */
    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 64; i++) {
                gzip.write(" ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] concatenated(String head, byte[] content) {
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[first.length + content.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(content, 0, all, first.length, content.length);
        return all;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
