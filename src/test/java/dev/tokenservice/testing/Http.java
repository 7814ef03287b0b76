package dev.tokenservice.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP over a plain socket: what is sent is exactly what the test wrote, be it HTTP or not. */
public final class Http {

    private static final int TIMEOUT_MILLISECONDS = 60_000;

    private Http() {}

    /** A request without an answer is answered with this status. */
    public static final int CLOSED = 0;

    /** A connection for many requests, one after the other; opened anew whenever the server has closed it. */
    public static final class Connection implements AutoCloseable {

        private final int port;
        private Socket socket;

        public Connection(int port) throws IOException {
            this.port = port;
            this.socket = open(port);
        }

        public Response send(Request request) throws IOException {
            socket.getOutputStream().write(request.bytes(port, "keep-alive"));
            Response answer = read(new BufferedInputStream(socket.getInputStream()), request.method());
            if (answer.header("connection").equals("close")) {
                socket.close();
                socket = open(port);
            }
            return answer;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Sends one request, and reads one answer. */
    public static Response send(int port, Request request) {
        return send(port, request.method(), request.bytes(port, "close"));
    }

    /** Sends these characters, one a byte, and reads one answer. */
    public static Response send(int port, String text) {
        String method = text.substring(0, Math.max(0, text.indexOf(' ')));
        return send(port, method, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Response send(int port, String method, byte[] bytes) {
        try (Socket socket = open(port)) {
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The server may answer before it has read everything.
            }
            return read(new BufferedInputStream(socket.getInputStream()), method);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of a request, of its lines. */
    public static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** A connection to this machine. */
    public static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLISECONDS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Reads one answer, interim ones passed over. */
    public static Response read(InputStream input, String method) throws IOException {
        String statusLine = line(input);
        if (statusLine.isEmpty()) {
            return new Response(CLOSED, Map.of(), "");
        }
        int status = Integer.parseInt(statusLine.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(input); !line.isEmpty(); line = line(input)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        if (status / 100 == 1) {
            return read(input, method);
        }
        byte[] body = method.equals("HEAD") ? new byte[0] : body(input, headers);
        return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream input, Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunkSize(input); size > 0; size = chunkSize(input)) {
                body.write(input.readNBytes(size));
                line(input);
            }
            line(input);
            return body.toByteArray();
        }
        List<String> length = headers.getOrDefault("content-length", List.of());
        return length.isEmpty() ? input.readAllBytes() : input.readNBytes(Integer.parseInt(length.get(0)));
    }

    private static int chunkSize(InputStream input) throws IOException {
        return Integer.parseInt(line(input), 16);
    }

    private static String line(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = input.read(); c >= 0 && c != '\n'; c = input.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
