package dev.tokenservice.server;

import static dev.tokenservice.testing.Answers.assertError;
import static dev.tokenservice.testing.Answers.assertExternalError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests within the bytes that they may have, and with far too many of something; and what an operator sees of those. */
class RequestLimitsIT {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String REFUSED = "dev.tokenservice.server.JsonErrorHandler";

    /** Lines are bounded in a second: each test that looks at them has one of its own. */
    private static final AtomicInteger MINUTES = new AtomicInteger();

    private final TestService service = TestService.shared();

    private double hits(String limit) {
        return TestMetrics.of(service).value("token_service_limit_hits_total", Map.of("limit", limit));
    }

    private static String numbered(int count, String form, String separator) {
        return IntStream.range(0, count).mapToObj(i -> String.format(form, i)).collect(Collectors.joining(separator));
    }

    private static String head(String target, int fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + numbered(fields - 2, "x%d:", "\r\n") + "\r\n\r\n";
    }

    private static Request verified() {
        return TestService.tokenRequest(TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/robot")
                .issue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", DISCOVERY, "/token", "/nothing", "/health-check"})
    void headers_tooMany_are431OnEveryPath(String path) {
        double before = hits("headers");

        assertError(Http.send(service.port(), head(path, 129)), 431, "invalid_request");
        assertError(Http.send(service.port(), head(path, 5000)), 431, "invalid_request");

        assertThat(hits("headers")).isEqualTo(before + 2);
    }

    @Test
    void headers_sameNameOrManyHosts_countAsWell() {
        String same = "GET / HTTP/1.1\r\nHost: localhost\r\n" + "a:\r\n".repeat(5000) + "\r\n";

        assertError(Http.send(service.port(), same), 431, "invalid_request");
        assertError(Http.send(service.port(), same.replace("a:", "Host: a")), 400, "invalid_request");
        assertError(Http.send(service.port(), same.replace("a:", "Cookie: a=b")), 431, "invalid_request");
    }

    @Test
    void headers_asManyAsAllowed_areRead() {
        assertThat(Http.send(service.port(), head(DISCOVERY, 128)).status()).isEqualTo(200);
        assertThat(Http.send(service.adminPort(), head("/ping", 128)).status()).isEqualTo(200);
    }

    @Test
    void headers_largerTogether_are431AlsoWithAShortTarget() {
        double before = hits("headers");

        assertThat(service.send(Request.get("/health-check").header("X-Large", "a".repeat(31 * 1024)))
                        .status())
                .isEqualTo(200);
        assertError(
                service.send(Request.get("/health-check").header("X-Large", "a".repeat(33 * 1024))),
                431,
                "invalid_request");
        assertThat(hits("headers")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ping", "/prometheus", "/metrics", "/healthcheck", "/threads", "/", "/nothing"})
    void adminPort_tooMany_isRefused(String path) {
        assertError(Http.send(service.adminPort(), head(path, 129)), 431, "invalid_request");
        assertError(service.sendToAdmin(Request.get(path + "?" + "a&".repeat(65))), 400, "invalid_request");
        assertError(service.sendToAdmin(Request.get(path + "?" + numbered(65, "a%d=b", "&"))), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz=a", "a=%c0%ae", "a=%ed%a0%80", "a=%ff", "a=%00"})
    void query_malformed_isTheClientsFaultOnBothPorts(String query) {
        assertError(service.send(Request.get("/health-check?" + query)), 400, "invalid_request");
        assertError(service.sendToAdmin(Request.get("/prometheus?" + query)), 400, "invalid_request");
        assertError(service.sendToAdmin(Request.of("POST", "/tasks/log-level?" + query)), 400, "invalid_request");
    }

    @Test
    void query_manyParameters_isRefusedAndCounted() {
        double before = hits("query_parameters");

        assertError(service.send(Request.get("/health-check?" + "type=ready&".repeat(65))), 400, "invalid_request");
        assertThat(service.send(Request.get(DISCOVERY + "?" + numbered(64, "a%d=b", "&&&")))
                        .status())
                .isEqualTo(200);

        assertThat(hits("query_parameters")).isEqualTo(before + 1);
    }

    @Test
    void target_tooLong_is414AndCounted() {
        double before = hits("uri");

        for (String part : List.of("a", "/a", "/..", "%2f", ";a=b", "?a", "//")) {
            Response answer = service.send(Request.get("/x" + part.repeat(30_000 / part.length())));

            assertThat(answer.status()).as(part).isIn(400, 414);
        }
        assertError(service.send(Request.get("/" + "a".repeat(8192))), 414, "invalid_request");
        assertError(service.sendToAdmin(Request.get("/" + "a".repeat(8192))), 414, "invalid_request");
        assertError(service.send(Request.get("/" + "a".repeat(8191))), 404, "invalid_request");

        assertThat(hits("uri")).isGreaterThanOrEqualTo(before + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%=&", "%zz&", "\u00ff=&", "x=&", "%66ormat=%ff&", "x=\u00ed\u00a0\u0080&", "a&", "format=x&"})
    void form_manyParameters_isRefusedAndCounted(String pair) {
        double before = hits("form_parameters");

        assertError(service.send(verified().body(pair.repeat(65_000 / pair.length()))), 400, "invalid_request");

        assertThat(hits("form_parameters")).isEqualTo(before + 1);
    }

    @Test
    void form_asManyParametersAsAllowed_isRead() {
        String form = "grant_type=client_credentials&" + numbered(63, "x%d=y", "&&");

        assertThat(service.send(verified().body(form)).status()).isEqualTo(200);
        assertError(service.send(verified().body(form + "&z=")), 400, "invalid_request");
        assertExternalError(
                service.send(verified().body(form + "&format=external_credential")), 400, "invalid_request");
    }

    @Test
    void form_manyParametersWithAnotherFault_isJudgedInOrder() {
        Request request = verified().body("%=&".repeat(20_000));

        assertError(service.send(request.method("PUT")), 405, "invalid_request");
        assertError(service.send(request.with("Content-Type", "application/json")), 415, "invalid_request");
        assertError(service.send(request.body("%=&".repeat(30_000))), 413, "invalid_request");
    }

    @Test
    void accept_manyTypes_isRefused() {
        assertError(
                service.send(Request.get(DISCOVERY).header("Accept", "a/b,".repeat(64) + "*/*")),
                400,
                "invalid_request");
        assertThat(service.send(Request.get(DISCOVERY).header("Accept", "a/b,,,".repeat(63) + "*/*"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void contentType_long_isRefused() {
        String parameters = ";a=b".repeat(100);

        assertError(
                service.send(verified().with("Content-Type", "application/x-www-form-urlencoded" + parameters)),
                415,
                "invalid_request");
        assertThat(service.send(Request.get(DISCOVERY).header("Content-Type", "a/b" + parameters))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void body_manyPieces_isRefused() {
        Request request = verified().with("Transfer-Encoding", "chunked");

        assertError(service.send(request.body("1\r\na\r\n".repeat(20_000) + "0\r\n\r\n")), 400, "invalid_request");
        assertThat(service.send(request.body(
                                "1d\r\ngrant_type=client_credentials\r\n" + "2\r\n&&\r\n".repeat(1000) + "0\r\n\r\n"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "& | 60000 | 413",
                "x=& | 20000 | 413",
                "logger=a&level=INFO& | 3000 | 413",
                "%zz | 1 | 400",
                "x=%ff | 1 | 400"
            })
    void adminTask_largeOrMalformedForm_isTheClientsFault(String pair, int times, int status) {
        Request request = Request.post("/tasks/log-level").body(pair.repeat(times));

        assertError(service.sendToAdmin(request), status, "invalid_request");
        assertError(
                service.sendToAdmin(request.with("Transfer-Encoding", "chunked")
                        .body(Integer.toHexString(request.body().length()) + "\r\n" + request.body()
                                + "\r\n0\r\n\r\n")),
                status,
                "invalid_request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1\\r\\nHost: localhost\\r\\nUpgrade: h2c\\r\\n\\r\\n | 400 | Invalid h2c upgrade headers",
                "GET / HTTP/1.1\\r\\nHost: localhost\\r\\nHost: a\\r\\n\\r\\n | 400 | Duplicate Host",
                "GET / HTTP/1.1\\r\\n\\r\\n | 400 | No Host",
                "GET / HTTP/9.9\\r\\nHost: localhost\\r\\n\\r\\n | 400 | Unknown Version",
                "GET /%zz HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400 | Bad Request (",
                "GET / HTTP/1.1\\r\\nHost: localhost\\r\\nX: \\u0001secret\\r\\n\\r\\n | 400 | Illegal character",
                "GET /?a=%zzsecret HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400 | a malformed query"
            })
    void refusal_ofTheServer_hasItsReasonInOneLine(String escaped, int status, String reason) {
        String text = escaped.strip().replace("\\r", "\r").replace("\\n", "\n").replace("\\u0001", "\u0001");
        service.clock().ahead(Duration.ofMinutes(MINUTES.incrementAndGet()));
        try (TestLog log = new TestLog()) {
            assertError(Http.send(service.port(), text), status, "invalid_request");

            List<ILoggingEvent> lines = log.of(REFUSED);
            assertThat(lines).hasSize(1);
            Map<String, String> fields = TestLog.fields(lines.get(0));
            assertThat(fields).containsEntry("status", "400").containsEntry("peer", "127.0.0.1");
            assertThat(fields.get("reason")).containsIgnoringCase(reason).doesNotContain("secret");
        } finally {
            service.clock().ahead(Duration.ZERO);
        }
    }

    @Test
    void refusals_many_areBoundedInTheLogAndCounted() {
        String status = "token_service_http_rejected_total";
        double before = TestMetrics.of(service).value(status, Map.of("status", "431"));
        service.clock().ahead(Duration.ofMinutes(MINUTES.incrementAndGet()));
        try (TestLog log = new TestLog()) {
            for (int i = 0; i < 300; i++) {
                Http.send(service.port(), head("/", 129));
            }
            long seconds = log.of(REFUSED).stream()
                    .map(line -> line.getInstant().getEpochSecond())
                    .distinct()
                    .count();

            assertThat(log.of(REFUSED)).hasSizeLessThanOrEqualTo((int) (seconds + 1) * 10);
            assertThat(TestMetrics.of(service).value(status, Map.of("status", "431")))
                    .isEqualTo(before + 300);
        } finally {
            service.clock().ahead(Duration.ZERO);
        }
    }
}
