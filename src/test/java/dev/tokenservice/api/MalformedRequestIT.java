package dev.tokenservice.api;

import static dev.tokenservice.testing.Answers.assertClientError;
import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are hardly HTTP: whatever layer refuses them, the answer is JSON and says nothing of the layer. */
class MalformedRequestIT {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int KIB = 1024;

    private final TestService service = TestService.shared();

    private Response raw(String... lines) {
        return Http.send(service.port(), Http.head(lines));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%zz",
                "/%",
                "/token%00",
                "/..%2f..%2fetc/passwd",
                "/../../etc/passwd",
                "/.well-known/%2e%2e/token",
                "/token\\..\\x",
                "/%c0%ae/",
                "/\u00ff\u00fe",
                "//",
                "/.well-known//jwks.json",
                "/token#fragment",
                "token",
                "*",
                "http://",
                "http://[::1/token",
                "http://user@localhost/token",
                "/a b"
            })
    void target_malformedOrUnknown_isRefused(String target) {
        for (String method : new String[] {"GET", "POST", "HEADS", "OPTIONS", "TRACE"}) {
            assertClientError(raw(method + " " + target + " HTTP/1.1", "Host: localhost", "Connection: close"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GET /",
                "GET / HTTP/9.9",
                "GET / HTTP/1.1 x",
                "G@T / HTTP/1.1",
                "\u0001 / HTTP/1.1",
                "GET\t/\tHTTP/1.1",
                " GET / HTTP/1.1",
                "CONNECT localhost:443 HTTP/1.1",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000"
            })
    void requestLine_malformed_isRefused(String line) {
        Response answer = raw(line, "Host: localhost", "Connection: close");

        assertThat(answer.status()).as(answer.toString()).isBetween(400, 499);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.json().path("error").textValue()).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "localhost:",
                "localhost:0",
                "localhost:65536",
                "localhost:08",
                "localhost:-1",
                "localhost:x",
                "local_host",
                "user@localhost",
                "localhost/path",
                "localhost?x",
                "localhost#x",
                "local%68ost",
                "[::1",
                "[::1]x",
                "[::1%25lo]",
                "[v1.x]",
                "::1",
                "127.0.0.256",
                "127.1",
                "0x7f.0.0.1",
                "-a.example",
                "a-.example",
                "a..example",
                ".example",
                "example.",
                "*",
                "<script>",
                "\"localhost\"",
                "localhost, example.org",
                "localhost\\example.org",
                "ex\u00e4mple.org",
                "a.example,b.example"
            })
    void host_odd_isRefused(String host) {
        assertError(service.send(Request.get(DISCOVERY).header("Host", host)), 400, "invalid_request");
        assertError(
                service.send(
                        Request.get("/.well-known/oauth-authorization-server").header("Host", host)),
                400,
                "invalid_request");
        assertError(service.send(verified().header("Host", host)), 400, "invalid_request");
    }

    @Test
    void host_missingEmptyOrRepeated_isRefused() {
        assertError(raw("GET " + DISCOVERY + " HTTP/1.1", "Connection: close"), 400, "invalid_request");
        assertError(raw("GET " + DISCOVERY + " HTTP/1.0"), 400, "invalid_request");
        assertError(raw("GET " + DISCOVERY + " HTTP/1.1", "Host:", "Connection: close"), 400, "invalid_request");
        assertError(
                raw("GET " + DISCOVERY + " HTTP/1.1", "Host: localhost", "Host: localhost", "Connection: close"),
                400,
                "invalid_request");
        assertError(
                raw("GET " + DISCOVERY + " HTTP/1.1", "Host: localhost", "host: example.org", "Connection: close"),
                400,
                "invalid_request");
    }

    @Test
    void host_tooLongName_isRefused() {
        String label = "a".repeat(64);

        assertError(service.send(Request.get(DISCOVERY).header("Host", label + ".example")), 400, "invalid_request");
        assertError(
                service.send(Request.get(DISCOVERY).header("Host", "a.".repeat(127) + "example")),
                400,
                "invalid_request");
    }

    @Test
    void target_otherAuthorityThanHost_isRefused() {
        assertError(
                raw(
                        "GET http://evil.example" + DISCOVERY + " HTTP/1.1",
                        "Host: token-service.example.com",
                        "Connection: close"),
                400,
                "invalid_request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Transfer-Encoding: chunked | Content-Length: 5",
                "Content-Length: 5 | Content-Length: 6",
                "Content-Length: -1 | X: y",
                "Content-Length: 1x | X: y",
                "Content-Length: 99999999999999999999 | X: y",
                "Transfer-Encoding: gzip | X: y",
                "Transfer-Encoding: chunked, chunked | X: y",
                "Transfer-Encoding: identity | X: y",
                "X y: z | X: y",
                "no-colon | X: y",
                "X: y | Folded: x",
                ": z | X: y"
            })
    void header_malformed_isRefused(String one, String other) {
        Response answer = raw(
                "POST /token HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/x-www-form-urlencoded",
                one.strip(),
                other.strip(),
                "Connection: close");

        assertThat(answer.status()).as(answer.toString()).isBetween(400, 499);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.text("error")).isIn("invalid_request", "invalid_client");
    }

    @Test
    void header_foldedOrWithNull_isRefused() {
        assertError(
                raw("GET / HTTP/1.1", "Host: localhost", "X: a", " b", "Connection: close"), 400, "invalid_request");
        assertError(
                raw("GET / HTTP/1.1", "Host: localhost", "User-Agent: \u001b[31m", "Connection: close"),
                400,
                "invalid_request");
        assertError(
                raw("GET / HTTP/1.1", "Host: localhost", "X: a\u0000b", "Connection: close"), 400, "invalid_request");
    }

    @Test
    void body_brokenChunk_isRefused() {
        assertError(
                service.send(verified().with("Transfer-Encoding", "chunked").body("zz\r\nnot a chunk\r\n0\r\n\r\n")),
                400,
                "invalid_request");
    }

    @Test
    void body_endsEarly_isRefused() throws IOException {
        try (Socket socket = Http.open(service.port())) {
            socket.getOutputStream()
                    .write((Http.head(
                                            "POST /token HTTP/1.1",
                                            "Host: localhost",
                                            "Content-Type: application/x-www-form-urlencoded",
                                            "Content-Length: 100")
                                    + "grant_type=client_credentials")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            assertError(Http.read(socket.getInputStream(), "POST"), 400, "invalid_request");
        }
    }

    @Test
    void uri_tooLong_is414() {
        assertError(service.send(Request.get("/" + "a".repeat(50 * KIB))), 414, "invalid_request");
        assertError(service.send(verified().target("/token?" + "a".repeat(50 * KIB))), 414, "invalid_request");
    }

    @Test
    void headers_of32KiB_areAccepted() {
        Request request = verified();
        for (int i = 0; i < 32; i++) {
            request = request.header("X-Padding-" + i, "a".repeat(960));
        }

        assertThat(service.send(request).status()).isEqualTo(200);
    }

    @Test
    void headers_farMoreThan32KiB_are431() {
        assertError(service.send(verified().header("X-Padding", "a".repeat(48 * KIB))), 431, "invalid_request");
        Request request = verified();
        for (int i = 0; i < 64; i++) {
            request = request.header("X-Padding-" + i, "a".repeat(1000));
        }
        assertError(service.send(request), 431, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Encoding: gzip",
                "Accept-Language: ;;;@",
                "Accept-Language: de;q=x",
                "Accept-Charset: ;q=x",
                "Accept-Encoding: gzip;q=x",
                "Accept-Encoding: ;;",
                "If-None-Match: \"",
                "If-Modified-Since: yesterday",
                "If-Match: x",
                "Range: bytes=x",
                "Cookie: $Version=x; =; \"",
                "Cookie: \u00ff",
                "Authorization: Bearer",
                "Authorization: ",
                "X-HTTP-Method-Override: DELETE",
                "X-Forwarded-For: <script>",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Port: -1",
                "Forwarded: host=evil.example;proto=gopher",
                "traceparent: 00-zz",
                "X-Cloud-Trace-Context: /;o",
                "Origin: null",
                "TE: trailers",
                "Via: x",
                "Date: x"
            })
    void header_garbageThatIsNotOurs_changesNothing(String line) {
        String name = line.substring(0, line.indexOf(':'));
        String value = line.substring(line.indexOf(':') + 1).strip();

        for (String path : new String[] {"/", DISCOVERY, "/.well-known/jwks.json", "/health-check?type=alive"}) {
            Response plain = service.send(Request.get(path));
            Response answer = service.send(Request.get(path).header(name, value));

            assertThat(answer.status()).as(answer.toString()).isEqualTo(plain.status());
            assertThat(answer.body()).isEqualTo(plain.body());
        }
        if (!name.equals("Content-Encoding")) {
            assertThat(service.send(verified().header(name, value)).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?%zz", "?%", "?a=%ff", "?a=\u00ff", "?&&=&", "?" + "a=b&a=b", "?grant_type=x&format=%"})
    void query_garbage_isNeverOurFault(String query) {
        assertThat(service.send(Request.get("/" + query)).status()).isIn(307, 400);
        assertThat(service.send(Request.get(DISCOVERY + query)).status()).isIn(200, 400);
        assertThat(service.send(Request.get("/.well-known/jwks.json" + query)).status())
                .isIn(200, 400);
        assertThat(service.send(verified().target("/token" + query)).status()).isIn(200, 400);
        Response health = service.send(Request.get("/health-check" + query));
        assertThat(health.status()).as(health.toString()).isIn(200, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", ";;;", "", "application/;charset=", "text/plain;charset=no-such-charset"})
    void contentType_garbageWithoutBody_isNeverOurFault(String contentType) {
        for (String path : new String[] {"/", DISCOVERY, "/.well-known/jwks.json", "/health-check?type=alive"}) {
            Request request = Request.get(path);

            assertThat(service.send(request.header("Content-Type", contentType)).status())
                    .isIn(service.send(request).status(), 400);
        }
    }

    @Test
    void upgrade_toHttp2_isIgnored() {
        assertThat(raw(
                                "GET " + DISCOVERY + " HTTP/1.1",
                                "Host: localhost",
                                "Connection: Upgrade, HTTP2-Settings, close",
                                "Upgrade: h2c",
                                "HTTP2-Settings: AAMAAABkAAQAAP__")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void answer_http10_isGiven() {
        assertThat(raw("GET " + DISCOVERY + " HTTP/1.0", "Host: localhost").status())
                .isEqualTo(200);
    }

    @Test
    void connection_refusedRequestBeforeAnother_servesTheOther() throws IOException {
        try (Socket socket = Http.open(service.port())) {
            String refused = Http.head("OPTIONS /token HTTP/1.1", "Host: localhost");
            String good = Http.head("GET " + DISCOVERY + " HTTP/1.1", "Host: localhost");
            socket.getOutputStream().write((refused + good).getBytes(StandardCharsets.US_ASCII));

            assertThat(Http.read(socket.getInputStream(), "OPTIONS").status()).isEqualTo(405);
            assertThat(Http.read(socket.getInputStream(), "GET").status()).isEqualTo(200);
        }
    }

    private static Request verified() {
        return TestService.tokenRequest(TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/robot")
                .issue()));
    }
}
