package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Reencoded;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load balancer passes the certificate itself on: it is believed, and verified again. */
class CertificateHeaderIT {

    private static final String ID = "spiffe://example.org/robot";
    private static final String LEAF = "X-Client-Cert-Leaf";
    private static final String CHAIN = "X-Client-Cert-Chain";

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final TestAuthority intermediate = root.intermediate("Intermediate CA", 0);
    private final X509Certificate certificate = intermediate.client(ID).certificate();
    private final X509Certificate revoked = intermediate.client(ID).certificate();

    private static String sequence(X509Certificate one) {
        try {
            return ":" + Base64.getEncoder().encodeToString(one.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Headers headers(X509Certificate one) {
        return TestLoadBalancer.verified(one).and(LEAF, sequence(one)).and(CHAIN, sequence(intermediate.certificate()));
    }

    @Test
    void token_certificatePassedOn_isVerifiedAgainAndMustAgreeWithTheSummary() {
        X509Certificate foreign = TestAuthority.root("Root CA").client(ID).certificate();
        try (TestService service = TestService.start(Map.of(
                "MTLS_HEADER_CLIENT_CERT_LEAF",
                LEAF,
                "MTLS_HEADER_CLIENT_CERT_CHAIN",
                CHAIN,
                "MTLS_TRUST_BUNDLE",
                TestAuthority.write(folder.resolve("ca.crt"), root.certificate())
                        .toString(),
                "MTLS_CRL",
                TestAuthority.write(folder.resolve("ca.crl"), intermediate.revoke(Duration.ofDays(1), revoked))
                        .toString()))) {
            TestToken token = TestToken.of(service, service.token(headers(certificate)));
            assertThat(token.attribute("x5_sha256")).isEqualTo(TestLoadBalancer.hash(certificate));

            assertThat(service.token(headers(revoked)).status()).isEqualTo(401);
            assertThat(service.token(headers(foreign)).status()).isEqualTo(401);
            assertThat(service.token(headers(certificate).without(LEAF)).status())
                    .isEqualTo(401);
            assertThat(service.token(headers(certificate).without(CHAIN)).status())
                    .isEqualTo(401);
            assertThat(service.token(headers(certificate).with(TestLoadBalancer.SPIFFE, "spiffe://example.org/admin"))
                            .status())
                    .isEqualTo(401);
            assertThat(service.token(headers(certificate).with(TestLoadBalancer.VERIFIED, "false"))
                            .status())
                    .isEqualTo(401);
        }
    }

    /** Nobody but the proxy has verified it: what its holder can change must not help. */
    @Test
    void token_deniedCertificateInAnotherForm_isRefusedWithoutATrustBundle() throws Exception {
        X509Certificate twin = Reencoded.twin(certificate);
        Path denied = Files.writeString(folder.resolve("denied"), TestLoadBalancer.hash(certificate) + "\n");
        try (TestService service = TestService.start(
                Map.of("AUTH_FLOWS", "rfc9440-mtls-client-credentials", "DENIED_CERTIFICATES", denied.toString()))) {
            assertThat(service.token(rfc9440(revoked)).status()).isEqualTo(200);
            assertThat(service.token(rfc9440(Reencoded.twin(revoked))).status()).isEqualTo(200);
            assertThat(service.token(rfc9440(certificate)).status()).isEqualTo(401);
            assertThat(service.token(rfc9440(twin)).status()).isEqualTo(401);
            for (byte[] der : Reencoded.variants(revoked).values()) {
                Headers headers = Headers.NONE.and(
                        "Client-Cert", ":" + Base64.getEncoder().encodeToString(der) + ":");
                assertThat(service.token(headers).status()).isEqualTo(401);
            }
            assertThat(service.token(rfc9440(intermediate.certificate())).status())
                    .isEqualTo(401);
        }
    }

    private static Headers rfc9440(X509Certificate one) {
        return Headers.NONE.and("Client-Cert", sequence(one));
    }

    @Test
    void token_malformedName_isLoggedWithItsKindAndValue() {
        X509Certificate odd = root.leaf("client")
                .uri(ID)
                .uri("urn:PC 7:Vendor:Server")
                .issue()
                .certificate();
        try (TestService service = TestService.start(Map.of("AUTH_FLOWS", "rfc9440-mtls-client-credentials"));
                TestLog log = new TestLog()) {
            assertThat(service.token(rfc9440(odd)).status()).isEqualTo(401);
            assertThat(TestLog.fields(log.audit().get(0)).get("detail"))
                    .contains("the subject alternative name URI 'urn:PC 7:Vendor:Server' is malformed");
        }
    }

    @Test
    void start_twoFlowsOfHeaders_isRefused() {
        assertThatThrownBy(() -> TestService.start(
                        Map.of("AUTH_FLOWS", "xlb-mtls-client-credentials,rfc9440-mtls-client-credentials")))
                .hasStackTraceContaining("one flow that reads headers");
    }

    @Test
    void start_settingsThatNeedEachOther_isRefusedWithoutThem() {
        for (Map<String, String> variables : java.util.List.of(
                Map.of("AUTH_FLOWS", "mtls-client-credentials"),
                Map.of("MTLS_HEADER_CLIENT_CERT_CHAIN", CHAIN),
                Map.of("MTLS_CERTIFICATE", "tls.crt"),
                Map.of("MTLS_PRIVATE_KEY", "tls.key"),
                Map.of("MTLS_CRL", "ca.crl"),
                Map.of("AUTH_FLOWS", "pem-mtls-client-credentials", "MTLS_HEADER_PEM_VERIFY", ""))) {
            assertThatThrownBy(() -> TestService.start(variables))
                    .as(variables.toString())
                    .hasStackTraceContaining("must be");
        }
    }
}
