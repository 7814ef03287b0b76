package dev.tokenservice.server;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where one message ends and the next one begins (RFC 9112 sections 6 and 7): bytes that a proxy may pass on as one message are
 * never read as two. In the rows CR, LF and TAB are written as {@code \r}, {@code \n} and {@code \t}.
 */
class ChunkFramingIT {

    private static final String TOKEN =
            "POST /token HTTP/1.1\\r\\nHost: localhost\\r\\n" + "Content-Type: application/x-www-form-urlencoded\\r\\n";
    private static final String CHUNKED = TOKEN + "Transfer-Encoding: chunked\\r\\n\\r\\n";
    private static final String NEXT =
            "GET /health-check?type=alive HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n";
    private static final String FORM = "grant_type=client_credentials";

    private final TestService service = TestService.shared();

    private static String unescaped(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\0", "\0");
    }

    /** The statuses of everything that is answered before the connection is closed. */
    private List<Integer> statuses(String text) {
        List<Integer> statuses = new ArrayList<>();
        try (Socket socket = Http.open(service.port())) {
            socket.getOutputStream().write(unescaped(text).getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            InputStream input = new BufferedInputStream(socket.getInputStream());
            for (Response answer = Http.read(input, "POST");
                    answer.status() != Http.CLOSED;
                    answer = Http.read(input, "POST")) {
                statuses.add(answer.status());
            }
        } catch (SocketException e) {
            // The server closes a connection without reading what it does not understand.
            assertThat(statuses).hasSizeLessThan(2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return statuses;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1;ext=\"val\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a=\"\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a=\"\\n\"\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a=\"\\\\\\r\\n\"\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "2;\\nxx\\r\\n5a\\r\\n0\\r\\n\\r\\n",
                "1\\nX\\r\\n0\\r\\n\\r\\n",
                "1;\\rX\\r\\n0\\r\\n\\r\\n",
                "1\\rX\\r\\n0\\r\\n\\r\\n",
                "1\\r\\nX\\n0\\r\\n\\r\\n",
                "1\\r\\nX\\r0\\r\\n\\r\\n",
                "1\\r\\nXYZ0\\r\\n\\r\\n",
                "1\\r\\nX0\\r\\n\\r\\n",
                "0x1\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "+1\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "-1\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1_0\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1.0\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "ffffffffffffffff1\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "8000000000000000\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "00000000000000001\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "\\r\\nX\\r\\n0\\r\\n\\r\\n",
                " 1\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1 \\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1 0\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;=a\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a=\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a b\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a\\0b\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1;a=\"\\0\"\\r\\nX\\r\\n0\\r\\n\\r\\n",
                "1\\r\\nX\\r\\n0\\n\\n",
                "1\\r\\nX\\r\\n0;\\n\\r\\n",
                "1\\r\\nX\\r\\n0;a=\"\\r\\n\\r\\n",
                "1\\r\\nX\\r\\n0\\r\\nfoo\\r\\n\\r\\n",
                "1\\r\\nX\\r\\n0\\r\\nA: b\\n\\n",
                "1\\r\\nX\\r\\n0\\r\\nA: b\\r\\n c\\r\\n\\r\\n",
                "1\\r\\nX\\r\\n0\\r\\nA : b\\r\\n\\r\\n",
                "1\\r\\nX\\r\\n0\\r\\nA: b\\0\\r\\n\\r\\n",
                "1\\r\\nX\\r\\n0\\r\\nA: b\\r\\n\\rX"
            })
    void chunk_malformed_isOneRefusalAndTheEnd(String body) {
        assertThat(statuses(CHUNKED + body + NEXT)).isEqualTo(List.of(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1d\\r\\n" + FORM + "\\r\\n0\\r\\n\\r\\n",
                "1D\\r\\n" + FORM + "\\r\\n00000\\r\\n\\r\\n",
                "1d;a=b\\r\\n" + FORM + "\\r\\n0;c\\r\\n\\r\\n",
                "1d\\t;a = b ; c=\"d;e\"\\r\\n" + FORM + "\\r\\n0\\r\\n\\r\\n",
                "1d;a=\"\\\"\"\\r\\n" + FORM + "\\r\\n0\\r\\n\\r\\n",
                "1d\\r\\n" + FORM
                        + "\\r\\n0\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: gzip\\r\\nHost: evil.example\\r\\n\\r\\n"
            })
    void chunk_wellFormed_endsWhereItSays(String body) {
        assertThat(statuses(CHUNKED + body + NEXT)).isEqualTo(List.of(401, 200));
    }

    @Test
    void extensions_aBitOfThem_areReadAndManyAreRefused() {
        String chunk = "1;" + "a".repeat(1000) + "\\r\\nx\\r\\n";

        assertThat(statuses(CHUNKED + chunk.repeat(20) + "0\\r\\n\\r\\n" + NEXT))
                .isEqualTo(List.of(400, 200));
        assertThat(statuses(CHUNKED + chunk.repeat(60) + "0\\r\\n\\r\\n" + NEXT))
                .hasSizeLessThan(2);
        assertThat(statuses(CHUNKED + "1;" + "a".repeat(200_000) + "\\r\\nx\\r\\n0\\r\\n\\r\\n" + NEXT))
                .hasSizeLessThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10001", "100001", "100000001", "7fffffffffffff", "1\\r\\na\\r\\n10001;a=b"})
    void size_moreThanABodyMayHave_isNotWaitedFor(String size) throws IOException {
        try (Socket socket = Http.open(service.port())) {
            socket.getOutputStream().write(unescaped(CHUNKED + size + "\\r\\n").getBytes(StandardCharsets.US_ASCII));

            Response answer = Http.read(socket.getInputStream(), "POST");

            assertError(answer, 413, "invalid_request");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void size_asMuchAsABodyMayHave_isWaitedFor() throws IOException {
        try (Socket socket = Http.open(service.port())) {
            String start = unescaped(CHUNKED + "00010000\\r\\n");
            socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            String rest = FORM + "&".repeat(0x10000 - FORM.length()) + "\r\n0\r\n\r\n";
            socket.getOutputStream().write(rest.getBytes(StandardCharsets.US_ASCII));

            assertError(Http.read(socket.getInputStream(), "POST"), 401, "invalid_client");
        }
    }

    @Test
    void trailer_certificateHeaders_neverCount() {
        StringBuilder trailer = new StringBuilder();
        TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                        .client()
                        .uri("spiffe://example.org/robot")
                        .issue())
                .all()
                .forEach(header -> trailer.append(header.name())
                        .append(": ")
                        .append(header.value())
                        .append("\\r\\n"));

        assertThat(statuses(CHUNKED + "1d\\r\\n" + FORM + "\\r\\n0\\r\\n" + trailer + "\\r\\n" + NEXT))
                .isEqualTo(List.of(401, 200));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 6\\r\\nTransfer-Encoding: chunked | 0\\r\\n\\r\\nX",
                "Transfer-Encoding: chunked\\r\\nContent-Length: 5 | 0\\r\\n\\r\\n",
                "Transfer-Encoding: chunked, chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding: identity | 0\\r\\n\\r\\n",
                "Transfer-Encoding: identity, chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding: chunked, identity | 0\\r\\n\\r\\n",
                "Transfer-Encoding: gzip, chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding: xchunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding: \"chunked\" | 0\\r\\n\\r\\n",
                "Transfer-Encoding: chunked;a=b | 0\\r\\n\\r\\n",
                "Transfer-Encoding: | 0\\r\\n\\r\\n",
                "Transfer-Encoding: chunked\\0 | 0\\r\\n\\r\\n",
                "Transfer-Encoding : chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding\\t: chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding:\\r\\n chunked | 0\\r\\n\\r\\n",
                "X: y\\r\\n Transfer-Encoding: chunked | 0\\r\\n\\r\\n",
                "Transfer-Encoding: chunked\\nX: y | 0\\r\\n\\r\\n",
                "X: y\\rTransfer-Encoding: chunked | 0\\r\\n\\r\\n",
                "Content-Length: 5\\r\\nContent-Length: 6 | 123456",
                "Content-Length: 5\\r\\nContent-Length: 5 | 12345",
                "Content-Length: 5, 5 | 12345",
                "Content-Length: +5 | 12345",
                "Content-Length: 0x5 | 12345",
                "Content-Length: 5 5 | 12345",
                "Content-Length: | 12345",
                "Content-Length: -0 | 12345",
                "Content-Length : 5 | 12345",
                "X: a\\0b\\r\\nContent-Length: 5 | 12345"
            })
    void framing_ambiguous_isOneRefusalAndTheEnd(String fields, String body) {
        assertThat(statuses(TOKEN + fields + "\\r\\n\\r\\n" + body + NEXT)).isEqualTo(List.of(400));
    }

    @Test
    void version_old_knowsNoChunks() {
        String old = CHUNKED.replace("HTTP/1.1", "HTTP/1.0")
                .replace("\\r\\n\\r\\n", "\\r\\nConnection: keep-alive\\r\\n\\r\\n");

        assertThat(statuses(old + "1d\\r\\n" + FORM + "\\r\\n0\\r\\n\\r\\n" + NEXT))
                .isEqualTo(List.of(400));
        assertThat(statuses("GET /\\r\\n\\r\\n" + NEXT)).isEqualTo(List.of(400));
        assertThat(statuses("GET / HTTP/0.9\\r\\n\\r\\n" + NEXT)).isEqualTo(List.of(400));
        assertThat(statuses("GET / HTTP/2.0\\r\\nHost: localhost\\r\\n\\r\\n" + NEXT))
                .isEqualTo(List.of(400));
    }

    @Test
    void target_absoluteWithOtherHost_isRefused() {
        assertThat(statuses("GET http://evil.example/health-check HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n" + NEXT))
                .startsWith(400)
                .doesNotContain(307);
    }

    @Test
    void body_unread_isNotTheNextRequest() {
        String inner = unescaped(NEXT);
        String body = "Content-Length: " + inner.length() + "\\r\\n\\r\\n" + NEXT;

        assertThat(statuses("POST /nothing HTTP/1.1\\r\\nHost: localhost\\r\\n" + body + NEXT))
                .as("the connection closes after the answer")
                .isEqualTo(List.of(404));
        assertThat(statuses("GET /health-check HTTP/1.1\\r\\nHost: localhost\\r\\n" + body + NEXT))
                .isEqualTo(List.of(200));
    }
}
