package dev.tokenservice.authentication;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which attribute of a certificate names its client, and what it may look like. */
class ClientIdIT {

    private static final TestCertificates AUTHORITY = TestCertificates.authority("Test CA");
    private static final X509Certificate CERTIFICATE = AUTHORITY
            .client()
            .uri("spiffe://example.org/robot/1")
            .uri("urn:robot:1")
            .dns("robot.example.org")
            .issue();
    private static final Headers GOOD = TestLoadBalancer.verified(CERTIFICATE);

    private static TestService clientIdFrom(String header) {
        return TestService.start(Map.of("MTLS_HEADER_CLIENT_ID", header));
    }

    @Test
    void clientId_fromDnsSan_mustBeTheOnlyOne() {
        try (TestService service = clientIdFrom("x-client-cert-dnsname-sans")) {
            TestToken token = TestToken.of(service, service.token(GOOD));
            assertThat(token.claim("client_id")).isEqualTo("robot.example.org");
            assertThat(token.claim("sub")).isEqualTo("robot.example.org");

            assertOnlyOnePlainValue(service, TestLoadBalancer.DNS_SANS);
            assertError(
                    service.token(GOOD.with(TestLoadBalancer.ERROR, "client_cert_dnsname_sans_exceeded_size_limit")
                            .with(TestLoadBalancer.DNS_SANS, "")),
                    401,
                    "invalid_client");
        }
    }

    @Test
    void clientId_fromUriSan_mustBeTheOnlyOneBesideTheSpiffeId() {
        try (TestService service = clientIdFrom("X-Client-Cert-URI-SANs")) {
            TestToken token = TestToken.of(service, service.token(GOOD));
            assertThat(token.claim("sub")).isEqualTo("urn:robot:1");
            assertThat(token.attribute("x5_spiffe")).isEqualTo("spiffe://example.org/robot/1");

            assertOnlyOnePlainValue(service, TestLoadBalancer.URI_SANS);
        }
    }

    private static void assertOnlyOnePlainValue(TestService service, String header) {
        assertError(service.token(GOOD.with(header, "")), 401, "invalid_client");
        assertError(service.token(GOOD.without(header)), 401, "invalid_client");
        try (TestLog log = new TestLog()) {
            assertError(
                    service.token(GOOD.with(header, TestLoadBalancer.list(List.of("a", "b")))), 401, "invalid_client");
            assertThat(log.audit())
                    .extracting(line -> TestLog.fields(line).get("reason_code"))
                    .containsExactly("ambiguous_client_id");
        }
        assertError(service.token(GOOD.with(header, TestLoadBalancer.list(List.of("bob,x")))), 401, "invalid_client");
    }

    @Test
    void clientId_fromHash_isTheFingerprintAndNeedsVerification() {
        try (TestService service = clientIdFrom("X-Client-Cert-Hash")) {
            TestToken token = TestToken.of(service, service.token(GOOD));
            assertThat(token.claim("sub")).isEqualTo(TestLoadBalancer.hash(CERTIFICATE));

            assertError(
                    service.token(TestLoadBalancer.unverified(CERTIFICATE, "client_cert_validation_failed")),
                    401,
                    "invalid_client");
            assertError(service.token(GOOD.with(TestLoadBalancer.HASH, "")), 401, "invalid_client");
        }
    }

    @Test
    void clientId_spiffeIdIsMissing_saysSo() {
        Response answer = TestService.shared().token(GOOD.with(TestLoadBalancer.SPIFFE, ""));

        assertError(answer, 401, "invalid_client");
        assertThat(answer.text("error_description")).contains("SPIFFE ID");
    }

    @Test
    void clientId_givenByTheClient_mustBeItsOwnOrTheAudience() {
        TestService service = TestService.shared();
        String audience = "http://localhost:" + service.port();

        assertThat(service.token(GOOD, "client_id", "spiffe://example.org/robot/1")
                        .status())
                .isEqualTo(200);
        assertThat(service.token(GOOD, "client_id", audience).status()).isEqualTo(200);
        assertError(service.token(GOOD, "client_id", "spiffe://example.org/robot/2"), 401, "invalid_client");
        assertError(service.token(GOOD, "client_id", "spiffe://example.org/ROBOT/1"), 401, "invalid_client");
        assertError(service.token(GOOD, "client_id", "urn:robot:1"), 401, "invalid_client");
    }

    @Test
    void clientId_longerThanGoogleMaps_isRefusedWhereTheTokenIsForFederation() {
        String longest = "spiffe://example.org/" + "a".repeat(127 - "spiffe://example.org/".length());
        Map<String, String> variables = Map.of(
                "WORKLOAD_IDENITY_PROJECT_NUMBER", "123456789012",
                "WORKLOAD_IDENITY_POOL_ID", "test-pool",
                "WORKLOAD_IDENITY_PROVIDER_ID", "token-service",
                "TOKEN_AUDIENCES", "https://api.example.com");
        try (TestService service = TestService.start(variables);
                TestLog log = new TestLog()) {
            Headers atTheLimit = GOOD.with(TestLoadBalancer.SPIFFE, longest);
            Headers beyond = GOOD.with(TestLoadBalancer.SPIFFE, longest + "a");

            assertThat(service.token(atTheLimit).status()).isEqualTo(200);
            Response refused = service.token(beyond);
            assertError(refused, 401, "invalid_client");
            assertThat(refused.text("error_description")).contains("127").contains("128");
            assertThat(log.text(Level.INFO)).contains("127 at most");
            assertThat(service.token(beyond, "audience", "https://api.example.com")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void headers_renamed_areReadByTheirNewNamesOnly() {
        Map<String, String> variables = new HashMap<>();
        variables.put("MTLS_HEADER_CLIENT_CERT_PRESENT", "X-My-Present");
        variables.put("MTLS_HEADER_CLIENT_CERT_CHAIN_VERIFIED", "X-My-Verified");
        variables.put("MTLS_HEADER_CLIENT_CERT_ERROR", "X-My-Error");
        variables.put("MTLS_HEADER_CLIENT_CERT_SHA256_FINGERPRINT", "X-My-Hash");
        variables.put("MTLS_HEADER_CLIENT_CERT_SERIAL_NUMBER", "X-My-Serial");
        variables.put("MTLS_HEADER_CLIENT_CERT_SPIFFE_ID", "X-My-Spiffe");
        variables.put("MTLS_HEADER_CLIENT_CERT_URI_SANS", "X-My-URIs");
        variables.put("MTLS_HEADER_CLIENT_CERT_DNSNAME_SANS", "X-My-DNS");
        variables.put("MTLS_HEADER_CLIENT_CERT_VALID_NOT_BEFORE", "X-My-From");
        variables.put("MTLS_HEADER_CLIENT_CERT_VALID_NOT_AFTER", "X-My-To");
        variables.put("MTLS_HEADER_CLIENT_ID", "X-My-Spiffe");
        List<String> renamed = List.of(
                "X-My-Present",
                "X-My-Verified",
                "X-My-Error",
                "X-My-Hash",
                "X-My-Serial",
                "X-My-Spiffe",
                "X-My-URIs",
                "X-My-DNS",
                "X-My-From",
                "X-My-To");
        Headers headers = Headers.NONE;
        for (int i = 0; i < renamed.size(); i++) {
            headers = headers.and(renamed.get(i), GOOD.value(TestLoadBalancer.ALL.get(i)));
        }
        Headers expired = headers.with("X-My-To", "2022-01-01T00:00:00+00:00").with("X-My-From", "");
        Headers early = headers.with("X-My-From", "2099-01-01T00:00:00+00:00").with("X-My-To", "");
        TestToken expected =
                TestToken.of(TestService.shared(), TestService.shared().token(GOOD));
        try (TestService service = TestService.start(variables)) {
            TestToken token = TestToken.of(service, service.token(headers));

            assertThat(token.claims().path("client"))
                    .isEqualTo(expected.claims().path("client"));
            assertThat(token.claims().path("cnf")).isEqualTo(expected.claims().path("cnf"));
            assertError(service.token(GOOD), 401, "invalid_client");
            assertError(service.token(expired), 401, "invalid_client");
            assertError(service.token(early), 401, "invalid_client");
            assertError(
                    service.token(headers.with("X-My-Error", "client_cert_validation_failed")), 401, "invalid_client");
            assertThat(service.token(headers.and(TestLoadBalancer.SPIFFE, "spiffe://example.org/admin"))
                            .status())
                    .isEqualTo(200);
        }
    }
}
