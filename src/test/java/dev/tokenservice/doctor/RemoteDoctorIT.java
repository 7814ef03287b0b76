package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.HostileServer;
import dev.tokenservice.testing.HostileServer.Mode;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestFront;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code doctor URL} on services behind a load balancer, or on TLS of their own, that are set up well and badly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteDoctorIT {

    private final TestAuthority root = TestAuthority.root("Root CA");
    private Path folder;
    private TestFront front;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path files) {
        folder = files;
        Identity client = root.client("spiffe://example.org/robot");
        TestAuthority.write(folder.resolve("ca.crt"), root.certificate());
        TestAuthority.write(folder.resolve("client.crt"), client.certificate());
        TestAuthority.write(folder.resolve("client.key"), client.key());
        front = TestFront.start(server(Duration.ofDays(60)));
        service = TestService.start(Map.of("TOKEN_ISSUER", front.url()));
        front.isGoogles(true);
        front.forwardTo(service.port());
    }

    @AfterEach
    void repair() {
        front.writes(TestFront::asTheGuideHasIt);
        front.requireCertificate(false);
        front.isGoogles(true);
        front.forwardTo(service.port());
    }

    @AfterAll
    void stop() {
        service.close();
        front.close();
    }

    @Test
    void doctor_everythingRight_isOkAndShowsNoToken() {
        Diagnosis diagnosis = diagnose(front.url());

        assertThat(diagnosis.report().path("worst").asText())
                .as(diagnosis.report().toPrettyString())
                .isEqualTo("OK");
        assertThat(diagnosis.status()).isZero();
        assertThat(diagnosis.the("token").result()).isEqualTo("OK");
        assertThat(diagnosis.the("token-claims").evidence())
                .contains("iss '" + front.url() + "'")
                .contains("sub 'spiffe://example.org/robot'");
        assertThat(diagnosis.the("ingress").result()).isEqualTo("SKIPPED");
        assertThat(diagnosis.report().toString()).doesNotContain("eyJ");
    }

    @Test
    void doctor_ownTls_isOk() {
        Identity identity = server(Duration.ofDays(60));
        TestAuthority.write(folder.resolve("tls.crt"), identity.certificate());
        TestAuthority.write(folder.resolve("tls.key"), identity.key());
        Map<String, String> variables = Map.of(
                "AUTH_FLOWS",
                "mtls-client-credentials",
                "MTLS_PORT",
                "0",
                "MTLS_CERTIFICATE",
                folder.resolve("tls.crt").toString(),
                "MTLS_PRIVATE_KEY",
                folder.resolve("tls.key").toString(),
                "MTLS_TRUST_BUNDLE",
                folder.resolve("ca.crt").toString(),
                "TOKEN_AUDIENCE",
                "https://api.example.com");
        try (TestService own = TestService.start(variables)) {
            Diagnosis diagnosis = diagnose("https://localhost:" + own.tlsPort());

            assertThat(diagnosis.status())
                    .as(diagnosis.report().toPrettyString())
                    .isZero();
            assertThat(diagnosis.the("tls").evidence()).startsWith("TLSv1.3");
        }
    }

    @Test
    void doctor_headersNotConfigured_namesThemAndThatTheyCanBeForged() {
        front.writes(certificate -> Headers.NONE);

        Diagnosis diagnosis = diagnose(front.url());

        assertThat(diagnosis.status()).isEqualTo(2);
        assertFails(diagnosis, "token", "custom request headers of the backend service");
        assertFails(diagnosis, "forged-headers", "backend-services describe");
    }

    @Test
    void doctor_policyNotAttached_namesTheTargetProxy() {
        front.writes(certificate -> TestLoadBalancer.withoutCertificate());

        assertFails(diagnose(front.url()), "token", "attach the server TLS policy to the target proxy");
    }

    @Test
    void doctor_intermediateMissing_namesTheTrustConfigAndTheAuthority() {
        front.writes(certificate -> unverified(certificate.map(one -> "client_cert_validation_failed")));

        assertFails(diagnose(front.url()), "token", "trust config", "Root CA");
    }

    @Test
    void doctor_wrongPurpose_namesTheExtension() {
        front.writes(certificate -> unverified(certificate.map(one -> "client_cert_chain_invalid_eku")));

        assertFails(diagnose(front.url()), "token", "clientAuth");
    }

    @Test
    void doctor_certificateRequired_namesTheValidationMode() {
        front.requireCertificate(true);

        Diagnosis diagnosis = diagnose(front.url());

        assertFails(diagnosis, "discovery", "ALLOW_INVALID_OR_MISSING_CLIENT_CERT");
        assertThat(diagnosis.the("no-certificate").result()).isEqualTo("OK");
    }

    @Test
    void doctor_serviceReachableBesides_namesTheIngress() {
        assertFails(
                diagnose(front.url(), "run-url", "http://localhost:" + service.port()),
                "ingress",
                "--ingress=internal-and-cloud-load-balancing");
    }

    @Test
    void doctor_issuerWithSlash_isWarnedOf() {
        Diagnosis diagnosis = diagnose(front.url() + "/");

        assertThat(diagnosis.status()).isZero();
        assertThat(diagnosis.the("discovery").result()).isEqualTo("WARN");
        assertThat(diagnosis.the("discovery").remedy()).contains("TOKEN_ISSUER=" + front.url() + "/");
    }

    @Test
    void doctor_otherIssuer_namesTheSetting() {
        try (TestService other = TestService.start(Map.of("TOKEN_ISSUER", "https://other.example.com"))) {
            front.forwardTo(other.port());

            assertFails(diagnose(front.url()), "discovery", "TOKEN_ISSUER=" + front.url());
        }
    }

    @Test
    void doctor_jwksUriThatIsAnOptionOrACommand_isNotUsed() throws IOException {
        for (String uri : List.of("-Kcurlrc", "https://keys.example/';id;'", "file:///etc/hosts")) {
            HttpServer impostor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] metadata = ("{\"issuer\":\"" + front.url() + "\",\"token_endpoint\":\"" + front.url()
                            + "/token\",\"jwks_uri\":\"" + uri + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            impostor.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, metadata.length);
                exchange.getResponseBody().write(metadata);
                exchange.close();
            });
            impostor.start();
            front.forwardTo(impostor.getAddress().getPort());

            Diagnosis diagnosis = diagnose(front.url());
            impostor.stop(0);

            assertThat(diagnosis.the("jwks").result()).isEqualTo("FAIL");
            assertThat(diagnosis.the("jwks").evidence()).contains("is not an http URL");
            assertThat(diagnosis.the("jwks").remedy()).doesNotContain(uri);
        }
    }

    @Test
    void doctor_serverCertificateOfUnknownAuthority_failsAndAsksNoFurther() {
        Diagnosis diagnosis = TestDoctor.ofService(front.url(), Map.of());

        assertFails(diagnosis, "tls", "--cacert");
        assertThat(diagnosis.the("no-certificate").result()).isEqualTo("SKIPPED");
    }

    @Test
    void doctor_serverCertificateForAnotherHost_failsNamingTheHost() {
        Diagnosis diagnosis = diagnose(front.url().replace("localhost", "127.0.0.1"));

        assertFails(diagnosis, "tls", "certificate for 127.0.0.1");
    }

    @Test
    void doctor_serverCertificateEndsSoon_isWarnedOf() {
        try (TestFront soon = TestFront.start(server(Duration.ofDays(3)))) {
            soon.forwardTo(service.port());

            Diagnosis diagnosis = diagnose(soon.url());

            assertThat(diagnosis.the("tls-expiry").result()).isEqualTo("WARN");
            assertThat(diagnosis.the("tls-expiry").evidence()).contains("2 days left");
        }
    }

    @Test
    void doctor_nobodyThere_failsOnce() {
        Diagnosis diagnosis = diagnose("https://localhost:1");

        assertFails(diagnosis, "connection", "listens on that port");
        assertThat(diagnosis.the("token").result()).isEqualTo("SKIPPED");
        assertFails(diagnose("https://nowhere.invalid"), "dns", "DNS record");
    }

    @Test
    void doctor_elsewhere_namesNoCommandOfGoogle() {
        front.isGoogles(false);
        front.writes(certificate -> Headers.NONE);
        List<Diagnosis> diagnoses = new ArrayList<>(List.of(diagnose(front.url(), "run-url", front.url())));
        front.writes(certificate -> TestLoadBalancer.withoutCertificate());
        diagnoses.add(diagnose(front.url()));
        front.writes(certificate -> unverified(certificate.map(one -> "client_cert_validation_failed")));
        diagnoses.add(diagnose(front.url()));
        front.requireCertificate(true);
        diagnoses.add(diagnose(front.url()));
        diagnoses.add(diagnose(front.url().replace("localhost", "127.0.0.1")));
        diagnoses.add(diagnose("https://localhost:1"));
        diagnoses.add(diagnose("https://nowhere.invalid"));

        for (Diagnosis diagnosis : diagnoses) {
            assertThat(diagnosis.status()).isEqualTo(2);
            assertThat(diagnosis.report().toString()).doesNotContain("gcloud");
        }
    }

    @Test
    void doctor_wrongArguments_haveAStatusOfTheirOwn() {
        Map<String, Map<String, String>> wrong = Map.of(
                "ftp://localhost", Map.of(),
                "http://example.com", Map.of(),
                "https://a.example/?q", Map.of(),
                "https://a.example:0", Map.of(),
                "https://a.example/$(id)", Map.of(),
                "https://b.example", Map.of("cert", folder.resolve("client.crt").toString()),
                "https://c.example", Map.of("run-url", "nonsense"),
                "https://d.example", Map.of("cacert", folder.resolve("none").toString()),
                "config.yml", Map.of("cacert", folder.resolve("ca.crt").toString()));

        wrong.forEach((url, options) ->
                assertThat(TestDoctor.ofService(url, options).status()).as(url).isEqualTo(64));
    }

    /** Answers that are slow have their own test, under limits that take less time. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SLOW_HEAD", "SLOW_BODY"})
    void doctor_hostileServer_endsWithHarmlessLines(Mode mode) {
        try (HostileServer hostile = HostileServer.start()) {
            hostile.answer(mode);

            Diagnosis diagnosis = TestDoctor.ofService(hostile.url(), Map.of());

            assertThat(diagnosis.the("discovery").result()).isEqualTo("FAIL");
            assertThat(diagnosis.report().path("findings")).allSatisfy(finding -> {
                assertThat(finding.path("evidence").asText())
                        .hasSizeLessThan(1000)
                        .matches("[ -~]+");
                assertThat(finding.toString()).doesNotContain("ya29", "aaaa");
            });
        }
    }

    @Test
    void doctor_expiryThatIsNoWholeNumber_refused() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String claims = "{\"iss\":\"https://a.example\",\"exp\":\"0899\"}";
        String token =
                "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                        + ".s";
        byte[] answer = ("{\"id_token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        other.start();

        Diagnosis diagnosis = diagnose("http://localhost:" + other.getAddress().getPort());
        other.stop(0);

        assertFails(diagnosis, "token-claims", "find out who answers there: curl -v http://localhost:");
        assertThat(diagnosis.the("token-claims").evidence()).contains("exp is not a whole number of seconds");
    }

    private Identity server(Duration validity) {
        Instant now = Instant.now();
        return root.leaf("server")
                .dns("localhost")
                .valid(now.minusSeconds(60), now.plus(validity))
                .purposes(KeyPurposeId.id_kp_serverAuth)
                .issue();
    }

    private Headers unverified(Optional<String> error) {
        return error.map(code -> TestLoadBalancer.unverified(root.certificate(), code))
                .orElseGet(TestLoadBalancer::withoutCertificate);
    }

    private static void assertFails(Diagnosis diagnosis, String check, String... remedies) {
        assertThat(diagnosis.the(check).result())
                .as(diagnosis.report().toPrettyString())
                .isEqualTo("FAIL");
        assertThat(diagnosis.the(check).remedy()).contains(remedies);
        assertThat(diagnosis.status()).isEqualTo(2);
    }

    private Diagnosis diagnose(String url, String... more) {
        Map<String, String> options = new HashMap<>();
        options.put("cacert", folder.resolve("ca.crt").toString());
        options.put("cert", folder.resolve("client.crt").toString());
        options.put("key", folder.resolve("client.key").toString());
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return TestDoctor.ofService(url, options);
    }
}
