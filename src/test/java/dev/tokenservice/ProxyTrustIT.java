package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whoever reaches the port is believed only with the proof that is configured. */
class ProxyTrustIT {

    private static final String SECRET_HEADER = "X-Token-Service-Proxy";

    private final Headers verified = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

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
    void start_withoutProof_saysSoInTheHealthCheck() {
        try (TestService service = TestService.start(Map.of())) {
            Response health = service.sendToAdmin(Request.get("/healthcheck"));
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.json().path("proxy-trust").path("healthy").asBoolean())
                    .isTrue();
            assertThat(health.json().path("proxy-trust").path("message").asText())
                    .contains("PROXY_SECRET");
        }
    }
}
