package dev.tokenservice.api;

import static dev.tokenservice.testing.Answers.assertError;
import static dev.tokenservice.testing.Answers.assertExternalError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a client meets that is refused again and again, what its neighbours meet, and what the operator reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalLimitIT {

    private static final String ID = "spiffe://example.org/robot";
    private static final String SECRET = "s3cret-of-the-proxy";
    private static final Headers PROVEN = Headers.NONE.and("X-Token-Service-Proxy", SECRET);
    private static final String[] WRONG = {"audience", "https://elsewhere.example"};
    private static final int LIMIT = 60;

    private final TestAuthority root = TestAuthority.root("Root CA");
    private TestService service;

    @BeforeAll
    void start(@TempDir Path folder) {
        Identity server = root.server();
        service = TestService.startWithoutProof(Map.of(
                "AUTH_FLOWS",
                "mtls-client-credentials,xlb-mtls-client-credentials",
                "PROXY_SECRET",
                SECRET,
                "MTLS_VERIFY_FORWARDED",
                "false",
                "MTLS_PORT",
                "0",
                "MTLS_CERTIFICATE",
                write(folder, "tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY",
                write(folder, "tls.key", server.key()),
                "MTLS_TRUST_BUNDLE",
                write(folder, "ca.crt", root.certificate())));
    }

    private static String write(Path folder, String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static Headers shown(Identity client) {
        return TestLoadBalancer.verified(client.certificate());
    }

    private Headers forwarded(Identity client) {
        return PROVEN.and(shown(client));
    }

    private static List<Integer> statuses(TestService service, int requests, Headers headers, String... parameters) {
        return IntStream.range(0, requests)
                .mapToObj(i -> service.token(headers, parameters).status())
                .toList();
    }

    private void exhaust(Identity client) {
        assertThat(statuses(service, LIMIT, forwarded(client), WRONG)).containsOnly(400);
    }

    @Test
    void client_refusedMoreOftenThanAllowed_isToldToWait() {
        Identity client = root.client(ID);
        exhaust(client);

        Response tooMany = service.token(forwarded(client), WRONG);

        assertError(tooMany, 429, "temporarily_unavailable");
        assertThat(tooMany.header("retry-after")).isEqualTo("60");
        assertThat(tooMany.text("error_description")).contains("more than 60 times");
        assertExternalError(
                service.token(
                        forwarded(client), "format", "external_credential", "audience", "https://elsewhere.example"),
                429,
                "temporarily_unavailable");
        assertThat(service.token(forwarded(client), "client_id", "another").status())
                .isEqualTo(429);
    }

    @Test
    void validRequest_ofAClientOverItsLimit_getsItsToken() {
        Identity client = root.client(ID);
        exhaust(client);
        assertThat(service.token(forwarded(client), WRONG).status()).isEqualTo(429);

        for (int i = 0; i < 2 * LIMIT; i++) {
            assertThat(service.token(forwarded(client)).status()).isEqualTo(200);
        }
    }

    @Test
    void anotherClient_ofTheSameNameAndAddress_isNotLimited() {
        exhaust(root.client(ID));

        assertThat(service.token(forwarded(root.client(ID)), WRONG).status()).isEqualTo(400);
    }

    @Test
    void tlsClient_refusedMoreOftenThanAllowed_isLimitedOnBothPorts() {
        Identity client = root.client(ID);
        TlsClient tls = TlsClient.of(root.certificate(), Optional.of(client));
        for (int i = 0; i < LIMIT; i++) {
            assertThat(tls.send(service.tlsPort(), TestService.tokenRequest(Headers.NONE, WRONG))
                            .status())
                    .isEqualTo(400);
        }

        assertThat(tls.send(service.tlsPort(), TestService.tokenRequest(Headers.NONE, WRONG))
                        .status())
                .isEqualTo(429);
        assertThat(service.token(forwarded(client), WRONG).status()).isEqualTo(429);
    }

    @Test
    void expiredCertificate_thatWasVerified_isLimited() {
        Instant now = Instant.now();
        Identity expired = root.leaf("robot")
                .uri(ID)
                .valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
                .issue();

        assertThat(statuses(service, LIMIT, forwarded(expired))).containsOnly(401);
        assertThat(service.token(forwarded(expired)).status()).isEqualTo(429);
    }

    @Test
    void refusals_beforeTheCertificateIsVerified_neverCount() {
        Identity client = root.client(ID);
        Headers unverified =
                PROVEN.and(TestLoadBalancer.unverified(client.certificate(), "client_cert_validation_failed"));

        assertThat(statuses(service, LIMIT + 1, shown(client), WRONG)).containsOnly(401);
        assertThat(statuses(service, LIMIT + 1, unverified)).containsOnly(401);
        assertThat(statuses(service, LIMIT + 1, forwarded(client), "grant_type", "twice"))
                .containsOnly(400);

        assertThat(service.token(forwarded(client), WRONG).status()).isEqualTo(400);
    }

    @Test
    void proxy_thatProvesNothing_cannotLimitTheClientsThatItNames() {
        Identity client = root.client(ID);
        try (TestService open = TestService.startWithoutProof(Map.of("TRUSTED_PROXIES", "any"))) {
            assertThat(statuses(open, 2 * LIMIT, shown(client), WRONG)).containsOnly(400);
        }
    }

    @Test
    void proxy_thatProvesNothing_whosePathsAreVerifiedHere_countsRefusals(@TempDir Path files)
            throws CertificateEncodingException {
        Identity client = root.client(ID);
        Map<String, String> variables = Map.of(
                "TRUSTED_PROXIES", "any",
                "AUTH_FLOWS", "rfc9440-mtls-client-credentials",
                "MTLS_TRUST_BUNDLE", write(files, "ca.crt", root.certificate()));
        Headers leaf = Headers.NONE.and(
                "Client-Cert",
                ":" + Base64.getEncoder().encodeToString(client.certificate().getEncoded()) + ":");
        try (TestService open = TestService.startWithoutProof(variables)) {
            assertThat(statuses(open, LIMIT, leaf, WRONG)).containsOnly(400);
            assertThat(statuses(open, 2, leaf, WRONG)).containsOnly(429);
            assertThat(open.token(leaf).status()).isEqualTo(200);
        }
    }

    @Test
    void zero_isNoLimit() {
        try (TestService unlimited = TestService.start(Map.of("REFUSALS_PER_CLIENT", "0"))) {
            assertThat(statuses(unlimited, 2 * LIMIT, shown(root.client(ID)), WRONG))
                    .containsOnly(400);
        }
    }

    @Test
    void log_ofAClientOverItsLimit_hasALineAtOnceAndOneAtTheEndOfTheMinute() throws Exception {
        Identity client = root.client(ID);
        String fingerprint = TestLoadBalancer.hash(client.certificate());
        double before = TestMetrics.of(service)
                .value(
                        "token_service_tokens_refused_total",
                        Map.of("error", "temporarily_unavailable", "reason_code", "rate"));
        try (TestLog log = new TestLog()) {
            exhaust(client);
            Response first = service.token(forwarded(client), WRONG);
            Response second = service.token(forwarded(client), WRONG);
            assertThat(statuses(service, 20, forwarded(client), WRONG)).containsOnly(429);
            service.ticker().advance(Duration.ofMinutes(1));
            Instant end = Instant.now().plusSeconds(10);
            while (rateLines(log, fingerprint).size() < 2 && Instant.now().isBefore(end)) {
                Thread.sleep(10);
            }

            assertThat(lines(log, fingerprint)).hasSize(LIMIT + 2);
            assertThat(rateLines(log, fingerprint).get(0))
                    .containsEntry("request_id", first.header("x-request-id"))
                    .containsEntry("spiffe", ID)
                    .containsEntry("peer", "127.0.0.1")
                    .containsEntry("count", "1");
            assertThat(rateLines(log, fingerprint).get(1))
                    .containsEntry("request_id", second.header("x-request-id"))
                    .containsEntry("peer", "127.0.0.1")
                    .containsEntry("verified", "true")
                    .containsEntry("count", "21");
        }
        assertThat(TestMetrics.of(service)
                        .value(
                                "token_service_tokens_refused_total",
                                Map.of("error", "temporarily_unavailable", "reason_code", "rate")))
                .isEqualTo(before + 22);
        assertThat(service.token(forwarded(client), WRONG).status()).isEqualTo(400);
    }

    private static List<Map<String, String>> lines(TestLog log, String fingerprint) {
        return log.audit().stream()
                .map(TestLog::fields)
                .filter(line -> fingerprint.equals(line.get("fingerprint")))
                .toList();
    }

    private static List<Map<String, String>> rateLines(TestLog log, String fingerprint) {
        return lines(log, fingerprint).stream()
                .filter(line -> "rate".equals(line.get("reason_code")))
                .toList();
    }
}
