package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** One line for each decision, at every log level; a line for each request; and a token in none of them. */
class AuditIT {

    private static final String ID = "spiffe://example.org/robot";
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Test CA");
    private static final X509Certificate CERTIFICATE =
            AUTHORITY.client().uri(ID).issue();
    private static final Headers GOOD = TestLoadBalancer.verified(CERTIFICATE);

    private final TestService service = TestService.shared();

    /** Levels are the process's, and other tests' services live in it. */
    @AfterEach
    void setLevelsBack() {
        for (Logger logger : ((LoggerContext) LoggerFactory.getILoggerFactory()).getLoggerList()) {
            logger.setLevel(logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? Level.INFO : null);
        }
    }

    /**
     * The only line of a logger about the request of an answer. Lines of the requests before it may still come: that of the access
     * log is written once the answer is out.
     */
    private static Map<String, String> line(TestLog log, String logger, Response answer) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (lines(log, logger, answer).isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(10);
        }
        List<Map<String, String>> found = lines(log, logger, answer);
        assertThat(found).as("lines of %s about %s", logger, answer).hasSize(1);
        return found.get(0);
    }

    private static List<Map<String, String>> lines(TestLog log, String logger, Response answer) {
        String id = answer.header("x-request-id");
        return log.of(logger).stream()
                .map(TestLog::fields)
                .filter(fields -> id.equals(fields.get("request_id")))
                .toList();
    }

    private static Map<String, String> auditLine(TestLog log, Response answer) throws InterruptedException {
        return line(log, AuditLog.LOGGER, answer);
    }

    private static Map<String, String> requestLine(TestLog log, Response answer) throws InterruptedException {
        return line(log, "request", answer);
    }

    @Test
    void decision_issued_namesClientFlowGrantAndCertificate() throws Exception {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(GOOD);

            TestToken token = TestToken.of(service, answer);
            assertThat(auditLine(log, answer))
                    .containsOnly(
                            Map.entry("request_id", answer.header("x-request-id")),
                            Map.entry("decision", "issued"),
                            Map.entry("flow", "xlb-mtls-client-credentials"),
                            Map.entry("client_id", ID),
                            Map.entry("authority", "default"),
                            Map.entry("relying_party", "default"),
                            Map.entry("fingerprint", TestLoadBalancer.hash(CERTIFICATE)),
                            Map.entry("serial", TestLoadBalancer.serial(CERTIFICATE)),
                            Map.entry("spiffe", ID),
                            Map.entry(
                                    "certificate_expires",
                                    CERTIFICATE.getNotAfter().toInstant().toString()),
                            Map.entry("verified", "true"),
                            Map.entry("peer", "127.0.0.1"),
                            Map.entry("token_id", token.claim("jti")),
                            Map.entry("token_issuer", token.claim("iss")),
                            Map.entry("audience", token.claim("aud")),
                            Map.entry(
                                    "expires",
                                    Instant.ofEpochSecond(
                                                    token.claims().path("exp").asLong())
                                            .toString()));
            assertThat(log.audit().get(0).getLevel()).isEqualTo(Level.INFO);
            assertNoToken(log, answer.text("id_token"));
        }
    }

    @Test
    void decision_refusedByPolicy_namesClientReasonAndCertificate() throws Exception {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(GOOD, "audience", "https://elsewhere.example");

            assertThat(auditLine(log, answer))
                    .containsEntry("decision", "refused")
                    .containsEntry("flow", "xlb-mtls-client-credentials")
                    .containsEntry("client_id", ID)
                    .containsEntry("fingerprint", TestLoadBalancer.hash(CERTIFICATE))
                    .containsEntry("serial", TestLoadBalancer.serial(CERTIFICATE))
                    .containsEntry("status", "400")
                    .containsEntry("error", "invalid_target")
                    .containsEntry("reason_code", "unknown_target")
                    .hasEntrySatisfying("reason", reason -> assertThat(reason).contains("https://elsewhere.example"))
                    .hasEntrySatisfying("detail", detail -> assertThat(detail).contains("TOKEN_AUDIENCES"));
            assertThat(log.audit().get(0).getLevel()).isEqualTo(Level.INFO);
        }
    }

    @Test
    void decision_refusedForValidity_namesTheCertificate() throws Exception {
        X509Certificate expired =
                AUTHORITY.client().uri(ID).validFor(Duration.ofSeconds(10)).issue();
        try (TestLog log = new TestLog()) {
            Response answer = service.token(TestLoadBalancer.verified(expired));

            assertThat(auditLine(log, answer))
                    .containsEntry("error", "invalid_client")
                    .containsEntry("reason_code", "expired")
                    .containsEntry("fingerprint", TestLoadBalancer.hash(expired))
                    .containsEntry("serial", TestLoadBalancer.serial(expired))
                    .hasEntrySatisfying("detail", detail -> assertThat(detail).contains("valid until"));
        }
    }

    @Test
    void decision_refusedWithoutVerifiedCertificate_namesItAndBelievesNothingOfIt() throws Exception {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(TestLoadBalancer.unverified(CERTIFICATE, "client_cert_validation_failed"));

            assertThat(auditLine(log, answer))
                    .containsEntry("decision", "refused")
                    .containsEntry("status", "401")
                    .containsEntry("reason_code", "not_verified")
                    .hasEntrySatisfying(
                            "detail", detail -> assertThat(detail).contains("client_cert_validation_failed"))
                    .hasEntrySatisfying(
                            "detail",
                            detail -> assertThat(detail)
                                    .contains("the unverified certificate has the fingerprint")
                                    .contains(TestLoadBalancer.hash(CERTIFICATE)))
                    .containsEntry("fingerprint", TestLoadBalancer.hash(CERTIFICATE))
                    .containsEntry("verified", "false")
                    .doesNotContainKey("client_id");
        }
    }

    @Test
    void decision_refusedByTheGate_isAuditedOnceToo() throws Exception {
        Request request = TestService.tokenRequest(GOOD);
        for (Request refused : List.of(
                request.method("GET"),
                request.method("TRACE"),
                request.with("Accept", "text/html"),
                request.with("Content-Type", "text/plain"),
                request.body("grant_type=%zz"),
                request.body("x=" + "a".repeat(70_000)),
                request.body("grant_type=password"),
                request.header("Host", "a_b"))) {
            try (TestLog log = new TestLog()) {
                Response answer = service.send(refused);

                assertThat(auditLine(log, answer))
                        .containsEntry("decision", "refused")
                        .containsEntry("reason_code", "malformed_request")
                        .containsKey("reason");
            }
        }
    }

    @Test
    void requestId_isTheProxysWhereItIsOne() throws Exception {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(GOOD.and("X-Request-Id", "abc-1.2_Z"));

            assertThat(answer.header("x-request-id")).isEqualTo("abc-1.2_Z");
            assertThat(auditLine(log, answer)).containsEntry("request_id", "abc-1.2_Z");
            assertThat(requestLine(log, answer)).containsEntry("request_id", "abc-1.2_Z");
        }
    }

    @Test
    void requestId_ofSomebodyElseOrInAnotherForm_isIgnored() {
        Headers twice = GOOD.and("X-Request-Id", "a").and("X-Request-Id", "b");
        for (Headers headers : List.of(
                twice,
                GOOD.and("X-Request-Id", ""),
                GOOD.and("X-Request-Id", "a b"),
                GOOD.and("X-Request-Id", "a\u00e9"),
                GOOD.and("X-Request-Id", "\"'<>"),
                GOOD.and("X-Request-Id", "a".repeat(65)))) {
            assertMade(service.token(headers), 200);
        }
        try (TestService unproven = TestService.startWithoutProof(Map.of())) {
            assertMade(unproven.token(GOOD.and("X-Request-Id", "forged")), 401);
            assertMade(unproven.send(Request.get("/nothing").header("X-Request-Id", "forged")), 404);
        }
    }

    private static void assertMade(Response answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().get("x-request-id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void requestId_isInEveryAnswerAndInItsLine() throws Exception {
        for (Request request : List.of(
                Request.get("/.well-known/openid-configuration"),
                Request.get("/.well-known/jwks.json"),
                Request.get("/"),
                Request.get("/health-check?type=ready"),
                Request.get("/nothing"),
                Request.get("/token"),
                Request.get("/?q=" + "a".repeat(9000)),
                Request.get("/").header("X-Large", "a".repeat(90_000)),
                Request.get("/").header("Host", "a b"),
                TestService.tokenRequest(GOOD).body("x=" + "a".repeat(70_000)),
                TestService.tokenRequest(GOOD).with("Expect", "nonsense"),
                TestService.tokenRequest(GOOD).method("TRACE"))) {
            try (TestLog log = new TestLog()) {
                Response answer = service.send(request);

                assertMade(answer, answer.status());
                if (!request.target().startsWith("/health")) {
                    assertThat(requestLine(log, answer)).containsEntry("request_id", answer.header("x-request-id"));
                }
            }
        }
    }

    @Test
    void request_ofOtherKind_isNotAudited() {
        try (TestLog log = new TestLog()) {
            service.send(Request.get("/.well-known/openid-configuration"));
            service.send(Request.get("/tokens"));
            service.send(Request.get("/health-check?type=alive"));

            assertThat(log.audit()).isEmpty();
        }
    }

    @Test
    void requestLine_hasPathAndNoQuery() throws Exception {
        try (TestLog log = new TestLog()) {
            Response answer = service.send(TestService.tokenRequest(GOOD)
                    .target("/token?secret=hunter2")
                    .header("User-Agent", "robot/1"));

            assertThat(requestLine(log, answer))
                    .containsEntry("method", "POST")
                    .containsEntry("path", "/token")
                    .containsEntry("status", "200")
                    .containsEntry("peer", "127.0.0.1")
                    .containsEntry("agent", "robot/1");
            assertThat(log.text(Level.TRACE)).doesNotContain("hunter2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "X-Cloud-Trace-Context: 4bf92f3577b34da6a3ce929d0e0e4736/123;o=1",
                "X-Cloud-Trace-Context: 4BF92F3577B34DA6A3CE929D0E0E4736"
            })
    void lines_ofATracedRequest_carryTheTrace(String header) throws Exception {
        String name = header.substring(0, header.indexOf(':'));
        try (TestLog log = new TestLog()) {
            service.token(GOOD.and(name, header.substring(name.length() + 2)));
            service.token(GOOD.and(name, "nonsense"));

            Instant end = Instant.now().plusSeconds(5);
            while (log.audit().size() < 2 && Instant.now().isBefore(end)) {
                Thread.sleep(10);
            }
            assertThat(log.audit().get(0).getMDCPropertyMap())
                    .containsEntry("trace", "4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(log.audit().get(1).getMDCPropertyMap()).doesNotContainKey("trace");
        }
    }

    @Test
    void logLevel_off_silencesEverythingButTheAudit() throws Exception {
        try (TestService silent = TestService.start(Map.of("LOG_LEVEL", "OFF"));
                TestLog log = new TestLog()) {
            Response answer = silent.token(GOOD);

            assertThat(auditLine(log, answer)).containsEntry("decision", "issued");
            assertThat(auditLine(log, silent.token(TestLoadBalancer.withoutCertificate())))
                    .containsEntry("reason_code", "no_certificate");
            assertThat(log.of("request")).isEmpty();
        }
    }

    @Test
    void logLevel_byTask_neitherSilencesTheAuditNorTellsOfTokens() throws Exception {
        try (TestService talkative = TestService.start(Map.of("LOG_LEVEL", "TRACE"));
                TestLog log = new TestLog()) {
            for (String logger : List.of("ROOT", "org.eclipse.jetty", "dev.tokenservice")) {
                assertThat(level(talkative, logger, "TRACE")).isEqualTo(200);
            }
            String token = talkative.token(GOOD).text("id_token");
            assertNoToken(log, token);
            assertThat(log.text(Level.TRACE)).doesNotContain(TestLoadBalancer.NOT_AFTER + ": ");

            assertThat(level(talkative, "audit", "OFF")).isEqualTo(400);
            level(talkative, "ROOT", "OFF");
            int before = log.audit().size();
            talkative.token(GOOD);
            Instant end = Instant.now().plusSeconds(5);
            while (log.audit().size() == before && Instant.now().isBefore(end)) {
                Thread.sleep(10);
            }
            assertThat(log.audit()).hasSize(before + 1);
        }
    }

    private static int level(TestService service, String logger, String level) {
        return Http.send(service.adminPort(), Request.post("/tasks/log-level", "logger", logger, "level", level))
                .status();
    }

    private static void assertNoToken(TestLog log, String token) {
        String text = log.text(Level.TRACE);
        assertThat(text)
                .doesNotContain(token)
                .doesNotContain(token.substring(token.lastIndexOf('.') + 1))
                .doesNotContain(token.substring(0, token.indexOf('.')));
        for (ILoggingEvent event : log.audit()) {
            assertThat(event.getFormattedMessage()).doesNotContain("eyJ");
        }
    }
}
