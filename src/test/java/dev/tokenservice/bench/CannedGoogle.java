package dev.tokenservice.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * Google for load tests: an IAM that answers every signJwt with the same signature after a given time, over TLS, and a
 * metadata server. One thread a connection and no library, so that it takes little from the service that is measured.
 *
 * <p>Arguments: the latency in milliseconds. The key store is that of {@code javax.net.ssl.keyStore}. Prints its TLS port and
 * its plain port.
 */
public final class CannedGoogle {

    private static final String ACCOUNT = "token-service@project.iam.gserviceaccount.com";
    private static final int BACKLOG = 1024;
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

    private final int latencyMillis;
    private final byte[] signature = answer("application/json", "{\"keyId\":\"1\",\"signedJwt\":\"" + jws() + "\"}");
    private final byte[] token =
            answer("application/json", "{\"access_token\":\"canned\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
    private final byte[] email = answer("text/plain", ACCOUNT);
    private final byte[] other = answer("text/plain", "");

    private CannedGoogle(int latencyMillis) {
        this.latencyMillis = latencyMillis;
    }

    public static void main(String[] arguments) throws Exception {
        CannedGoogle google = new CannedGoogle(Integer.parseInt(arguments[0]));
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerSocket tls = SSLContext.getDefault().getServerSocketFactory().createServerSocket(0, BACKLOG, loopback);
        ServerSocket plain = new ServerSocket(0, BACKLOG, loopback);
        new Thread(() -> google.accept(plain)).start();
        System.out.println(tls.getLocalPort() + " " + plain.getLocalPort());
        google.accept(tls);
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread thread = new Thread(() -> serve(socket));
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                in.skipNBytes(contentLength(head));
                out.write(answer(head));
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The client has gone.
        }
    }

    private byte[] answer(String head) throws InterruptedException {
        String path = head.substring(0, head.indexOf('\n'));
        if (path.contains(":signJwt")) {
            if (latencyMillis > 0) {
                Thread.sleep(latencyMillis);
            }
            return signature;
        }
        return path.contains("/token") ? token : path.contains("/email") ? email : other;
    }

    /** Request line and headers; empty at the end of the connection. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder(512);
        int matched = 0;
        while (matched < HEADERS_END.length) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
            matched = b == HEADERS_END[matched] ? matched + 1 : b == HEADERS_END[0] ? 1 : 0;
        }
        return head.toString();
    }

    private static long contentLength(String head) {
        String name = "\r\ncontent-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        return at < 0
                ? 0
                : Long.parseLong(head.substring(at + name.length(), head.indexOf('\r', at + 2))
                        .strip());
    }

    private static byte[] answer(String contentType, String body) {
        return ("HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\nContent-Type: " + contentType + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** As long as a token of the service. */
    private static String jws() {
        return base64("{\"alg\":\"RS256\",\"kid\":\"1\",\"typ\":\"JWT\"}") + "." + base64("{}".repeat(300)) + "."
                + base64(" ".repeat(256));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
