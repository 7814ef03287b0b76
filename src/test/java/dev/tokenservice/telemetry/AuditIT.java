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

    private static Map<String, String> onlyLine(TestLog log) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(5);
        while (log.audit().isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(10);
        }
        assertThat(log.audit()).hasSize(1);
        return TestLog.fields(log.audit().get(0));
    }

    @Test
    void decision_issued_namesClientFlowGrantAndCertificate() throws Exception {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(GOOD);

            TestToken token = TestToken.of(service, answer);
            assertThat(onlyLine(log))
                    .containsOnly(
                            Map.entry("decision", "issued"),
                            Map.entry("flow", "xlb-mtls-client-credentials"),
                            Map.entry("client_id", ID),
                            Map.entry("fingerprint", TestLoadBalancer.hash(CERTIFICATE)),
                            Map.entry("serial", TestLoadBalancer.serial(CERTIFICATE)),
                            Map.entry("token_id", token.claim("jti")),
                            Map.entry("issuer", token.claim("iss")),
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
            service.token(GOOD, "audience", "https://elsewhere.example");

            assertThat(onlyLine(log))
                    .containsEntry("decision", "refused")
                    .containsEntry("flow", "xlb-mtls-client-credentials")
                    .containsEntry("client_id", ID)
                    .containsEntry("fingerprint", TestLoadBalancer.hash(CERTIFICATE))
                    .containsEntry("serial", TestLoadBalancer.serial(CERTIFICATE))
                    .containsEntry("status", "400")
                    .containsEntry("error", "invalid_target")
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
            service.token(TestLoadBalancer.verified(expired));

            assertThat(onlyLine(log))
                    .containsEntry("error", "invalid_client")
                    .containsEntry("fingerprint", TestLoadBalancer.hash(expired))
                    .containsEntry("serial", TestLoadBalancer.serial(expired))
                    .hasEntrySatisfying("detail", detail -> assertThat(detail).contains("valid until"));
        }
    }

    @Test
    void decision_refusedWithoutVerifiedCertificate_believesNothingOfIt() throws Exception {
        try (TestLog log = new TestLog()) {
            service.token(TestLoadBalancer.unverified(CERTIFICATE, "client_cert_validation_failed"));

            assertThat(onlyLine(log))
                    .containsEntry("decision", "refused")
                    .containsEntry("status", "401")
                    .hasEntrySatisfying(
                            "detail", detail -> assertThat(detail).contains("client_cert_validation_failed"))
                    .hasEntrySatisfying(
                            "detail",
                            detail -> assertThat(detail)
                                    .contains("not verified")
                                    .contains(TestLoadBalancer.hash(CERTIFICATE)))
                    .doesNotContainKeys("client_id", "fingerprint", "serial");
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
                service.send(refused);

                assertThat(onlyLine(log)).containsEntry("decision", "refused").containsKey("reason");
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
            service.send(TestService.tokenRequest(GOOD)
                    .target("/token?secret=hunter2")
                    .header("User-Agent", "robot/1"));

            Instant end = Instant.now().plusSeconds(5);
            while (log.of("request").isEmpty() && Instant.now().isBefore(end)) {
                Thread.sleep(10);
            }
            assertThat(log.of("request")).hasSize(1);
            assertThat(TestLog.fields(log.of("request").get(0)))
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
            silent.token(GOOD);
            assertThat(onlyLine(log)).containsEntry("decision", "issued");
            silent.token(TestLoadBalancer.withoutCertificate());
            assertThat(log.audit()).hasSize(2);
            assertThat(log.of("request")).isEmpty();
        }
    }

    @Test
    void logLevel_byTask_neitherSilencesTheAuditNorTellsOfTokens() throws Exception {
        try (TestService talkative = TestService.start(Map.of("LOG_LEVEL", "TRACE"));
                TestLog log = new TestLog()) {
            for (String logger : List.of(
                    "ROOT",
                    "audit",
                    "org.eclipse.jetty",
                    "org.glassfish.jersey",
                    "org.apache.hc",
                    "com.google.api.client",
                    "dev.tokenservice")) {
                assertThat(level(talkative, logger, "TRACE")).isEqualTo(200);
            }
            String token = talkative.token(GOOD).text("id_token");
            assertNoToken(log, token);
            assertThat(log.text(Level.TRACE)).doesNotContain(TestLoadBalancer.NOT_AFTER + ": ");

            level(talkative, "audit", "OFF");
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
