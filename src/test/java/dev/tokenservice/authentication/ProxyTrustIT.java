package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificate headers are believed only with the proof that is configured, and from nobody where none is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyTrustIT {

    private static final String SECRET_HEADER = "X-Token-Service-Proxy";
    private static final String LEAF = "X-Client-Cert-Leaf";
    private static final String ID = "spiffe://example.org/robot";
    private static final String[] SETTINGS = {
        "PROXY_SECRET", "TRUSTED_PROXIES", "PROXY_CERTIFICATES", "TRUSTED_PROXIES=127.0.0.1", "TRUSTED_PROXIES=any"
    };

    private final X509Certificate certificate =
            TestAuthority.root("Root CA").client(ID).certificate();
    private final Headers verified = TestLoadBalancer.verified(certificate);

    @Test
    void token_withoutTheSecret_isRefusedAndAudited() {
        try (TestService service = TestService.start(Map.of("PROXY_SECRET", "s3cret-one,s3cret-two"));
                TestLog log = new TestLog()) {
            Response refused = service.token(verified);

            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text("error")).isEqualTo("invalid_client");
            assertThat(TestLog.fields(log.audit().get(0)).get("detail")).contains(SECRET_HEADER, "missing");
            assertThat(service.token(verified.and(SECRET_HEADER, "wr0ng")).status())
                    .isEqualTo(401);
            assertThat(service.token(verified.and("x-token-service-proxy", "s3cret-one"))
                            .status())
                    .isEqualTo(200);
            assertThat(service.token(verified.and(SECRET_HEADER, "s3cret-two")).status())
                    .isEqualTo(200);
            assertThat(log.audit()).hasSize(4);
            assertThat(log.text(Level.TRACE)).doesNotContain("s3cret", "wr0ng");
            assertThat(service.send(Request.get("/.well-known/openid-configuration"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void token_fromElsewhere_isRefused() {
        try (TestService service = TestService.start(Map.of("TRUSTED_PROXIES", "10.0.0.0/8"))) {
            assertThat(service.token(verified.and("X-Forwarded-For", "10.0.0.1"))
                            .status())
                    .isEqualTo(401);
        }
        try (TestService service = TestService.start(Map.of("TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.0/8, ::1"))) {
            assertThat(service.token(verified).status()).isEqualTo(200);
        }
    }

    @Test
    void token_fromThisMachineByAnyNetworkAroundIt_isIssued() {
        for (String trusted : List.of("127.0.0.1", "::1", "127.0.0.0/8", "any", "ANY")) {
            try (TestService service = TestService.start(Map.of("TRUSTED_PROXIES", trusted))) {
                assertThat(service.token(verified).status()).as(trusted).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void token_withoutProof_isRefusedAndTheSettingsAreNamed(String flow, Headers forged) {
        try (TestService trusting = TestService.start(Map.of("AUTH_FLOWS", flow))) {
            assertThat(trusting.token(forged).status())
                    .as("with TRUSTED_PROXIES=127.0.0.1")
                    .isEqualTo(200);
        }
        try (TestService service = TestService.startWithoutProof(Map.of("AUTH_FLOWS", flow));
                TestLog log = new TestLog()) {
            for (Headers headers : List.of(
                    forged, Headers.NONE, forged.and("X-Forwarded-For", "127.0.0.1"), verified.and(LEAF, "x"))) {
                Response refused = service.token(headers);

                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.text("error")).isEqualTo("invalid_client");
                assertThat(refused.text("error_description")).doesNotContain("PROXY", "proof");
            }
            assertThat(log.audit())
                    .hasSize(4)
                    .allSatisfy(line ->
                            assertThat(TestLog.fields(line).get("detail")).contains(SETTINGS));
        }
    }

    Stream<Arguments> forgeries() throws CertificateEncodingException {
        byte[] der = certificate.getEncoded();
        String pem = URLEncoder.encode(TestAuthority.pem(certificate), StandardCharsets.UTF_8)
                .replace("+", "%20");
        String bytes = ":" + Base64.getEncoder().encodeToString(der) + ":";
        String hash = HexFormat.of().formatHex(Base64.getDecoder().decode(TestLoadBalancer.hash(certificate)));
        return Stream.of(
                arguments("xlb-mtls-client-credentials", verified),
                arguments(
                        "envoy-mtls-client-credentials",
                        Headers.NONE.and("X-Forwarded-Client-Cert", "Hash=" + hash + ";URI=" + ID)),
                arguments("alb-mtls-client-credentials", Headers.NONE.and("X-Amzn-Mtls-Clientcert-Leaf", pem)),
                arguments(
                        "pem-mtls-client-credentials",
                        Headers.NONE.and("X-SSL-Client-Cert", pem).and("X-SSL-Client-Verify", "SUCCESS")),
                arguments("rfc9440-mtls-client-credentials", Headers.NONE.and("Client-Cert", bytes)));
    }

    @Test
    void forgeries_areOfEveryFlowThatReadsHeaders() throws CertificateEncodingException {
        Set<String> flows = new TreeSet<>();
        ServiceLoader.load(CertificateSourceFactory.class).forEach(factory -> flows.add(factory.flow()));
        flows.remove("mtls-client-credentials");

        assertThat(forgeries().map(one -> one.get()[0])).containsExactlyInAnyOrderElementsOf(flows);
    }

    @Test
    void start_withoutProof_saysSoInLogAndHealthCheckAndServesTheRest() {
        try (TestLog log = new TestLog();
                TestService service = TestService.startWithoutProof(Map.of())) {
            assertThat(log.text(Level.WARN)).contains(SETTINGS);
            assertThat(proxyTrust(service)).contains("refuses token requests").contains(SETTINGS);
            for (String path : List.of(
                    "/.well-known/openid-configuration",
                    "/.well-known/oauth-authorization-server",
                    "/.well-known/jwks.json",
                    "/health-check?type=ready",
                    "/health-check?type=alive")) {
                assertThat(service.send(Request.get(path)).status()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void start_withProof_namesItInTheHealthCheckAndWarnsOfNothing() {
        try (TestLog log = new TestLog();
                TestService service = TestService.start(Map.of("PROXY_SECRET", "s", "TRUSTED_PROXIES", "Any"))) {
            assertThat(proxyTrust(service)).endsWith("with the proof of PROXY_SECRET");
            assertThat(log.text(Level.WARN)).doesNotContain("proof", "TRUSTED_PROXIES");
            assertThat(service.token(verified).status()).isEqualTo(401);
            assertThat(service.token(verified.and(SECRET_HEADER, "s")).status()).isEqualTo(200);
        }
    }

    @Test
    void start_onCloudRunWithoutProof_believesAnyoneAndWarns() {
        try (TestLog log = new TestLog();
                TestService service = TestService.startWithoutProof(Map.of("K_SERVICE", "token-service"))) {
            assertThat(service.token(verified).status()).isEqualTo(200);
            assertThat(proxyTrust(service)).contains("Cloud Run", "anyone");
            assertThat(log.text(Level.WARN)).contains("Cloud Run", "anyone", "PROXY_SECRET");
        }
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void start_whereOthersReachThePort_believesNobodyWithoutProof(Map<String, String> variables) {
        try (TestService service = TestService.startWithoutProof(variables)) {
            assertThat(service.token(verified).status()).isEqualTo(401);
        }
    }

    static Stream<Map<String, String>> elsewhere() {
        return Stream.of(
                Map.of("K_SERVICE", "token-service", "KUBERNETES_SERVICE_HOST", "10.0.0.1"),
                Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"),
                Map.of("K_SERVICE", ""),
                Map.of("K_SERVICE", "token-service", "TRUSTED_PROXIES", "10.0.0.0/8"),
                Map.of("K_SERVICE", "token-service", "PROXY_SECRET", "s"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8,lb.example.com | [1] | 'lb.example.com' | must be a network",
                "10.0.0.1/8 | [0] | '10.0.0.1/8' | did you mean 10.0.0.0/8?",
                "::1,10.0.0.0/40 | [1] | '10.0.0.0/40' | at most 32 bits",
                "0.0.0.0/0 | [0] | '0.0.0.0/0' | set any",
                "10.0.0.0/8,any | [1] | 'any' | must stand alone",
                "any,ANY | [0] | 'any' | must stand alone",
                "10.0.0.0/8, | [1] | '' | must be a network",
            },
            quoteCharacter = '`')
    void start_wrongTrustedProxy_isRefusedNamingTheItem(String value, String place, String found, String allowed) {
        assertThatThrownBy(() -> TestService.start(Map.of("TRUSTED_PROXIES", value)))
                .hasStackTraceContaining("authentication.proxy.addresses" + place + " (TRUSTED_PROXIES): ")
                .hasStackTraceContaining(found.equals("''") ? "" : "found " + found)
                .hasStackTraceContaining(allowed);
    }

    private static String proxyTrust(TestService service) {
        Response health = service.sendToAdmin(Request.get("/healthcheck"));
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.json().path("proxy-trust").path("healthy").asBoolean())
                .isTrue();
        return health.json().path("proxy-trust").path("message").asText();
    }
}
