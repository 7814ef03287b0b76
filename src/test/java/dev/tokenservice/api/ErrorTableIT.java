package dev.tokenservice.api;

import static dev.tokenservice.testing.Answers.assertError;
import static dev.tokenservice.testing.Answers.assertExternalError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the error table that does not need Google, in both shapes. */
class ErrorTableIT {

    private static final TestCertificates AUTHORITY = TestCertificates.authority("Test CA");
    private static final Headers GOOD = TestLoadBalancer.verified(
            AUTHORITY.client().uri("spiffe://example.org/robot").issue());
    private static final int KIB = 1024;

    private final TestService service = TestService.shared();

    static Stream<Arguments> refusedRequests() {
        return Stream.of(
                // The form.
                row("grant_type missing", 400, "invalid_request", form("grant_type=client_credentials", "")),
                row("grant_type empty", 400, "invalid_request", form("=client_credentials", "=")),
                row("grant_type unknown", 400, "unsupported_grant_type", form("client_credentials", "password")),
                row("parameter repeated", 400, "invalid_request", add("scope=a&scope=a")),
                row("unknown parameter repeated", 400, "invalid_request", add("x=1&x=2")),
                row("parameter repeated, one empty", 400, "invalid_request", add("audience=&audience=a")),
                row("bad percent escape", 400, "invalid_request", add("x=%zz")),
                row("half a percent escape", 400, "invalid_request", add("x=%a")),
                row("not UTF-8", 400, "invalid_request", add("x=%ff%fe")),
                row("raw bytes, not UTF-8", 400, "invalid_request", add("x=\u00ff")),
                row("audience and resource", 400, "invalid_request", add("audience=a&resource=a")),
                row("service_account without scope", 400, "invalid_request", add("service_account=a@b.example")),
                row(
                        "service_account malformed",
                        400,
                        "invalid_request",
                        add("scope=a&service_account=a/../b@c.example")),
                row("audience not allowed", 400, "invalid_target", add("audience=https://elsewhere.example")),
                row("resource not allowed", 400, "invalid_target", add("resource=https://elsewhere.example")),
                // The client.
                row("no headers at all", 401, "invalid_client", ErrorTableIT::withoutHeaders),
                row("no certificate", 401, "invalid_client", client(TestLoadBalancer.withoutCertificate())),
                row("not verified", 401, "invalid_client", client(unverified("client_cert_validation_failed"))),
                row("expired", 401, "invalid_client", client(lasting(Duration.ofSeconds(-1)))),
                row("59 seconds left", 401, "invalid_client", client(lasting(Duration.ofSeconds(59)))),
                row("no client id", 401, "invalid_client", client(GOOD.with(TestLoadBalancer.SPIFFE, ""))),
                row("contradiction", 401, "invalid_client", client(GOOD.with(TestLoadBalancer.PRESENT, "false"))),
                row("wrong client_id", 401, "invalid_client", add("client_id=somebody-else")),
                // HTTP.
                row("Accept HTML", 406, "invalid_request", with("Accept", "text/html")),
                row("Accept JSON with q=0", 406, "invalid_request", with("Accept", "application/json;q=0, text/html")),
                row("Accept anything but JSON", 406, "invalid_request", with("Accept", "*/*, application/json;q=0")),
                row("Accept malformed q", 400, "invalid_request", with("Accept", "application/json;q=x")),
                row("Accept garbage", 400, "invalid_request", with("Accept", "@@@")),
                row("Accept without subtype", 400, "invalid_request", with("Accept", "application/;")),
                row("no content type", 415, "invalid_request", request -> request.without("Content-Type")),
                row("empty content type", 415, "invalid_request", with("Content-Type", "")),
                row("JSON", 415, "invalid_request", with("Content-Type", "application/json")),
                row("garbage content type", 415, "invalid_request", with("Content-Type", "/;=")),
                row(
                        "two content types",
                        415,
                        "invalid_request",
                        request -> request.header("Content-Type", "application/x-www-form-urlencoded")),
                row("content encoding", 415, "invalid_request", with("Content-Encoding", "gzip")),
                row("too large", 413, "invalid_request", add("x=" + "a".repeat(64 * KIB))),
                row("far too large", 413, "invalid_request", add("x=" + "a".repeat(900 * KIB))),
                row(
                        "too large in chunks",
                        413,
                        "invalid_request",
                        request -> chunked(add("x=" + "a".repeat(64 * KIB)).apply(request))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusedRequests")
    void token_refused_isAnsweredInOauthShape(
            String name, int status, String error, UnaryOperator<Request> modification) {
        assertError(service.send(modification.apply(TestService.tokenRequest(GOOD))), status, error);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusedRequests")
    void token_refusedWithFormat_isAnsweredInExternalShape(
            String name, int status, String error, UnaryOperator<Request> modification) {
        Request request = TestService.tokenRequest(GOOD);
        Request external = request.body("format=external_credential&" + request.body());

        assertExternalError(service.send(modification.apply(external)), status, error);
    }

    @ParameterizedTest
    @CsvSource({"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "token", "POSTS"})
    void token_otherMethod_isRefusedWithAllow(String method) {
        Request request = TestService.tokenRequest(GOOD).method(method);

        Response oauth = service.send(request);
        Response external = service.send(request.body("format=external_credential"));

        assertError(oauth, 405, "invalid_request");
        assertThat(oauth.header("allow")).isEqualTo("POST");
        assertExternalError(external, 405, "invalid_request");
        assertThat(external.header("allow")).isEqualTo("POST");
    }

    @Test
    void token_head_isRefusedWithAllowAndWithoutBody() {
        Response answer = service.send(Request.of("HEAD", "/token"));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("POST");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server",
                "/.well-known/jwks.json",
                "/health-check"
            })
    void metadata_otherMethod_isRefusedWithAllow(String path) {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO")) {
            Response answer = service.send(Request.of(method, path));

            assertError(answer, 405, "invalid_request");
            assertThat(answer.header("allow")).isEqualTo("GET, HEAD");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tokens",
                "/token/",
                "/Token",
                "/token;x=y",
                "/%74oken",
                "/.well-known",
                "/.well-known/jwks.json/",
                "/favicon.ico",
                "/application.wadl",
                "/healthcheck",
                "/metrics",
                "/prometheus",
                "/ping",
                "/threads",
                "/pprof",
                "/tasks/log-level",
                "/tasks/gc"
            })
    void path_unknown_isNotFoundForEveryMethod(String path) {
        for (String method : List.of("GET", "POST", "OPTIONS", "TRACE", "FOO")) {
            assertError(service.send(Request.of(method, path)), 404, "invalid_request");
        }
    }

    @Test
    void token_scopeThatIsMalformed_isInvalidScope() {
        for (String scope : List.of(" a", "a  b", "a ", "a\"b", "a\\b", "a\nb", "\u00e4")) {
            assertError(service.token(GOOD, "scope", scope), 400, "invalid_scope");
        }
    }

    @Test
    void token_scopeWithoutProvider_isInvalidScope() {
        assertError(
                service.token(GOOD, "scope", "https://www.googleapis.com/auth/cloud-platform"), 400, "invalid_scope");
    }

    @Test
    void token_unknownFormat_isInvalidRequestInOauthShape() {
        assertError(service.token(GOOD, "format", "xml"), 400, "invalid_request");
        assertError(service.token(GOOD, "format", "EXTERNAL_CREDENTIAL"), 400, "invalid_request");
    }

    @Test
    void token_longInput_isCutWhereItIsRepeated() {
        Response answer = service.token(GOOD, "audience", "a".repeat(5000));

        assertError(answer, 400, "invalid_target");
        assertThat(answer.body()).contains("a".repeat(100)).doesNotContain("a".repeat(101));
    }

    @Test
    void token_inputWithControlCharacters_isRepeatedWithoutThem() {
        Response answer = service.token(GOOD, "client_id", "\u001b[31m\r\nerror: \u202e'");

        assertError(answer, 401, "invalid_client");
        assertThat(answer.text("error_description").chars().allMatch(c -> c >= ' ' && c <= '~'))
                .isTrue();
    }

    @Test
    void token_bodyOfExactly64KiB_isRead() {
        Request request = TestService.tokenRequest(GOOD);
        String body = request.body() + "&x=";

        Response answer = service.send(request.body(body + "a".repeat(64 * KIB - body.length())));

        assertThat(answer.status()).isEqualTo(200);
        assertError(
                service.send(request.body(body + "a".repeat(64 * KIB - body.length() + 1))), 413, "invalid_request");
    }

    @Test
    void token_chunkedBody_isRead() {
        assertThat(service.send(chunked(TestService.tokenRequest(GOOD))).status())
                .isEqualTo(200);
    }

    @Test
    void token_tooLargeWithExpectation_isRefusedBeforeTheBodyIsSent() throws IOException {
        try (Socket socket = Http.open(service.port())) {
            socket.getOutputStream()
                    .write(Http.head(
                                    "POST /token HTTP/1.1",
                                    "Host: localhost",
                                    "Expect: 100-continue",
                                    "Content-Type: application/x-www-form-urlencoded",
                                    "Content-Length: 65537")
                            .getBytes(StandardCharsets.US_ASCII));

            assertError(Http.read(socket.getInputStream(), "POST"), 413, "invalid_request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"the-unexpected", "100-continue, more", "100-continue;x"})
    void token_unknownExpectation_is417(String expectation) {
        assertError(service.send(TestService.tokenRequest(GOOD).with("Expect", expectation)), 417, "invalid_request");
    }

    @Test
    void token_unknownExpectation_isRefusedBeforeTheBodyIsSent() throws IOException {
        try (Socket socket = Http.open(service.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(Http.head(
                                    "POST /token HTTP/1.1",
                                    "Host: localhost",
                                    "Expect: 200-maybe",
                                    "Content-Type: application/x-www-form-urlencoded",
                                    "Content-Length: 29")
                            .getBytes(StandardCharsets.US_ASCII));

            assertError(Http.read(socket.getInputStream(), "POST"), 417, "invalid_request");
        }
    }

    @Test
    void token_expectsToContinue_isIssued() {
        assertThat(service.send(TestService.tokenRequest(GOOD).header("Expect", "100-continue"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded; charset=UTF-8",
                "application/x-www-form-urlencoded;charset=utf-16",
                "application/x-www-form-urlencoded;charset=no-such-charset",
                "application/x-www-form-urlencoded;charset=\"ISO-8859-1\"",
                "Application/X-WWW-Form-URLEncoded; x=y"
            })
    void token_charset_changesNothing(String contentType) {
        Response answer = service.send(TestService.tokenRequest(GOOD).with("Content-Type", contentType));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/*",
                "application/json",
                "text/html, application/json;q=0.1",
                "text/html;q=0, */*;q=0.01",
                "APPLICATION/JSON",
                "application/json;charset=utf-8"
            })
    void token_acceptThatAllowsJson_isIssued(String accept) {
        assertThat(service.send(TestService.tokenRequest(GOOD).with("Accept", accept))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void token_emptyAndUnknownParameters_countAsAbsent() {
        Response answer = service.token(
                GOOD,
                "client_id",
                "",
                "audience",
                "",
                "resource",
                "",
                "scope",
                "",
                "service_account",
                "",
                "format",
                "",
                "unknown",
                "x");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private static UnaryOperator<Request> form(String part, String replacement) {
        return request -> request.body(request.body().replace(part, replacement));
    }

    private static UnaryOperator<Request> add(String parameters) {
        return request -> request.body(request.body() + "&" + parameters);
    }

    private static UnaryOperator<Request> with(String name, String value) {
        return request -> request.with(name, value);
    }

    private static UnaryOperator<Request> client(Headers headers) {
        return request -> withoutHeaders(request).headers(headers);
    }

    private static Request withoutHeaders(Request request) {
        Request bare = request;
        for (String name : TestLoadBalancer.ALL) {
            bare = bare.without(name);
        }
        return bare;
    }

    private static Request chunked(Request request) {
        String body = request.body();
        int half = body.length() / 2;
        return request.with("Transfer-Encoding", "chunked")
                .body(Integer.toHexString(half) + "\r\n" + body.substring(0, half) + "\r\n"
                        + Integer.toHexString(body.length() - half) + "\r\n" + body.substring(half) + "\r\n0\r\n\r\n");
    }

    private static Headers lasting(Duration duration) {
        return TestLoadBalancer.verified(AUTHORITY
                .client()
                .uri("spiffe://example.org/robot")
                .validFor(duration)
                .issue());
    }

    private static Headers unverified(String error) {
        return TestLoadBalancer.unverified(
                AUTHORITY.client().uri("spiffe://example.org/robot").issue(), error);
    }

    private static Arguments row(String name, int status, String error, UnaryOperator<Request> modification) {
        return arguments(name, status, error, modification);
    }
}
