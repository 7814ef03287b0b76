package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Refusals over each kind of flow: what the client sees, what the audit line says, and that the machine is identified by it.
 * The id of the request joins the client's answer, the audit line and the access log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTableIT {

    private static final String ID = "spiffe://example.org/robot";
    private static final String SECRET = "s3cret-of-the-proxy";
    private static final Headers PROVEN = Headers.NONE.and("X-Token-Service-Proxy", SECRET);
    private final Instant now = Instant.now();

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final Identity good = root.client(ID);
    private final Identity denied = root.client(ID);
    private final Identity revoked = root.client(ID);
    private final Identity expired = robot().valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
            .issue();
    private final Identity early = robot().valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)))
            .issue();
    private final Identity foreign = TestAuthority.root("Foreign CA").client(ID);
    private final Identity forServers =
            root.leaf("robot").uri(ID).purposes(KeyPurposeId.id_kp_serverAuth).issue();
    private final Identity weak = robot().rsa(1024).issue();
    private final TestAuthority unlistedAuthority = root.intermediate("Unlisted CA", 0, KeyPurposeId.id_kp_clientAuth);
    private final Identity unlisted = unlistedAuthority.client(ID);
    private final Identity withoutId =
            root.leaf("robot").dns("robot.example.org").issue();
    private final Identity malformed = root.leaf("robot").uri("urn:PC 7").issue();

    private TestService verifying;
    private TestService believing;
    private TestLog log;

    /**
     * A refusal.
     *
     * @param flow what the service reads
     * @param description part of what the client is told
     * @param seen the certificate on the audit line
     * @param verified what the line says of it
     */
    private record Row(
            String flow,
            Response answer,
            String error,
            String description,
            String reason,
            Optional<X509Certificate> seen,
            boolean verified) {

        @Override
        public String toString() {
            return flow + ": " + reason + ", "
                    + seen.map(certificate -> verified ? "verified" : "seen").orElse("no certificate");
        }
    }

    private TestAuthority.Builder robot() {
        return root.leaf("robot").uri(ID).purposes(KeyPurposeId.id_kp_clientAuth);
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Identity server = root.server();
        String list = Files.writeString(folder.resolve("denied"), TestLoadBalancer.hash(denied.certificate()) + "\n")
                .toString();
        verifying = TestService.startWithoutProof(Map.of(
                "AUTH_FLOWS",
                "mtls-client-credentials,pem-mtls-client-credentials",
                "PROXY_SECRET",
                SECRET,
                "MTLS_PORT",
                "0",
                "MTLS_CERTIFICATE",
                write(folder, "tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY",
                write(folder, "tls.key", server.key()),
                "MTLS_TRUST_BUNDLE",
                write(folder, "ca.crt", root.certificate(), unlistedAuthority.certificate()),
                "MTLS_CRL",
                write(folder, "ca.crl", root.revoke(Duration.ofDays(1), revoked.certificate())),
                "DENIED_CERTIFICATES",
                list));
        believing = TestService.startWithoutProof(Map.of("PROXY_SECRET", SECRET, "DENIED_CERTIFICATES", list));
        log = new TestLog();
    }

    private static String write(Path folder, String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }

    @AfterAll
    void stop() {
        log.close();
        verifying.close();
        believing.close();
    }

    @ParameterizedTest
    @MethodSource({"tls", "forwarded", "summary"})
    void refusal_ofEachKind_identifiesTheMachine(Row row) throws Exception {
        assertThat(row.answer().text("error")).isEqualTo(row.error());
        assertThat(row.answer().text("error_description")).contains(row.description());

        Map<String, String> line = line("audit", row.answer());
        assertThat(line)
                .containsEntry("decision", "refused")
                .containsEntry("error", row.error())
                .containsEntry("reason_code", row.reason())
                .containsEntry("status", Integer.toString(row.answer().status()))
                .containsEntry("peer", "127.0.0.1");
        if (row.seen().isEmpty()) {
            assertThat(line).doesNotContainKeys("fingerprint", "serial", "subject", "spiffe", "verified");
        } else {
            assertNames(line, row.seen().get(), row.flow());
            assertThat(line).containsEntry("verified", Boolean.toString(row.verified()));
        }
        assertThat(line("request", row.answer()))
                .containsEntry("path", "/token")
                .containsEntry("status", Integer.toString(row.answer().status()));
    }

    @Test
    void issued_overEachFlow_hasTheFieldsOfTheCertificateAndOfTheToken() throws Exception {
        Response tls = send(Optional.of(good), TestService.tokenRequest(Headers.NONE));
        Response forwarded = verifying.token(forwarded("SUCCESS", good));
        Response summary = believing.token(PROVEN.and(verified(good)));

        for (Map.Entry<String, Response> of :
                Map.of("tls", tls, "forwarded", forwarded, "summary", summary).entrySet()) {
            Response answer = of.getValue();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            Map<String, String> line = line("audit", answer);
            assertNames(line, good.certificate(), of.getKey());
            assertThat(line)
                    .containsEntry("decision", "issued")
                    .containsEntry("client_id", ID)
                    .containsEntry("peer", "127.0.0.1")
                    .containsEntry("verified", "true")
                    .containsEntry(
                            "certificate_expires",
                            good.certificate().getNotAfter().toInstant().toString())
                    .containsKeys("flow", "token_id", "token_issuer", "audience", "expires")
                    .doesNotContainKeys("reason_code", "certificate_issuer");
        }
        // A summary tells no names but the SANs.
        assertThat(line("audit", summary)).doesNotContainKeys("issuer", "subject");
    }

    private static void assertNames(Map<String, String> line, X509Certificate certificate, String flow) {
        assertThat(line).containsEntry("fingerprint", TestLoadBalancer.hash(certificate));
        if (line.containsKey("spiffe")) {
            assertThat(line).containsEntry("spiffe", ID);
        }
        if (!flow.equals("summary")) {
            assertThat(line)
                    .containsEntry("serial", TestLoadBalancer.serial(certificate))
                    .containsEntry(
                            "subject", certificate.getSubjectX500Principal().getName())
                    .containsEntry(
                            "issuer", certificate.getIssuerX500Principal().getName())
                    .containsEntry(
                            "certificate_expires",
                            certificate.getNotAfter().toInstant().toString());
        }
    }

    /** The only line of a logger with the id of the answer. */
    private Map<String, String> line(String logger, Response answer) throws InterruptedException {
        String id = answer.header("x-request-id");
        assertThat(id).isNotEmpty();
        Instant end = Instant.now().plusSeconds(5);
        while (lines(logger, id).isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(10);
        }
        return assertThat(lines(logger, id)).singleElement().actual();
    }

    private List<Map<String, String>> lines(String logger, String id) {
        return log.of(logger).stream()
                .map((ILoggingEvent event) -> TestLog.fields(event))
                .filter(fields -> id.equals(fields.get("request_id")))
                .toList();
    }

    Stream<Row> tls() {
        return Stream.of(
                tls(Optional.empty(), "send a client certificate", "no_certificate", false),
                tls(expired, "expired", "expired", true),
                tls(early, "not valid yet", "not_yet_valid", true),
                tls(foreign, "authority", "untrusted", false),
                tls(forServers, "client authentication", "wrong_purpose", false),
                tls(weak, "too weak", "weak", false),
                tls(revoked, "revoked", "revoked", false),
                tls(unlisted, "status is unknown", "revocation_unknown", false),
                tls(denied, "revoked", "denied", true),
                tls(withoutId, "no SPIFFE ID", "no_client_id", true),
                tls(malformed, "malformed", "not_verified", false),
                tls(TestLoadBalancer.verified(good.certificate()), "only a proxy", "proxy_not_proven", false),
                tls("audience", "https://elsewhere.example", "invalid_target", "unknown_target", true),
                tls("client_id", "another", "invalid_client", "wrong_client_id", true),
                tls("scope", "a b c", "invalid_scope", "policy", true),
                tls("client_id", "", "invalid_request", "malformed_request", false));
    }

    private Row tls(Identity identity, String description, String reason, boolean verified) {
        return tls(Optional.of(identity), description, reason, verified);
    }

    private Row tls(Optional<Identity> identity, String description, String reason, boolean verified) {
        Response answer = send(identity, TestService.tokenRequest(Headers.NONE));
        return new Row(
                "tls", answer, "invalid_client", description, reason, identity.map(Identity::certificate), verified);
    }

    private Row tls(Headers headers, String description, String reason, boolean verified) {
        Response answer = send(Optional.of(good), TestService.tokenRequest(headers));
        return new Row("tls", answer, "invalid_client", description, reason, Optional.of(good.certificate()), verified);
    }

    private Row tls(String parameter, String value, String error, String reason, boolean verified) {
        Request request = TestService.tokenRequest(Headers.NONE, parameter, value);
        Response answer =
                send(Optional.of(good), value.isEmpty() ? request.body(request.body() + "&grant_type=x") : request);
        return new Row("tls", answer, error, "", reason, Optional.of(good.certificate()), verified);
    }

    private Response send(Optional<Identity> identity, Request request) {
        return TlsClient.of(root.certificate(), identity).send(verifying.tlsPort(), request);
    }

    Stream<Row> forwarded() {
        return Stream.of(
                forwarded(nginx("NONE"), Optional.empty(), "missing", "not_verified", false),
                forwarded(PROVEN, Optional.empty(), "no client certificate", "no_certificate", false),
                forwarded(Headers.NONE, Optional.empty(), "load balancer", "proxy_not_proven", false),
                forwarded("FAILED:certificate has expired", expired, "expired", "not_verified", false),
                forwarded("SUCCESS", expired, "expired", "expired", true),
                forwarded("SUCCESS", early, "not valid yet", "not_yet_valid", true),
                forwarded("SUCCESS", foreign, "authority", "untrusted", false),
                forwarded("SUCCESS", forServers, "client authentication", "wrong_purpose", false),
                forwarded("SUCCESS", weak, "too weak", "weak", false),
                forwarded("SUCCESS", revoked, "revoked", "revoked", false),
                forwarded("SUCCESS", denied, "revoked", "denied", true),
                forwarded("SUCCESS", withoutId, "no SPIFFE ID", "no_client_id", true),
                forwarded("SUCCESS", malformed, "are invalid", "contradictory_headers", false));
    }

    private static Headers nginx(String verify) {
        return PROVEN.and("X-SSL-Client-Verify", verify);
    }

    private static Headers forwarded(String verify, Identity identity) {
        String pem = URLEncoder.encode(TestAuthority.pem(identity.certificate()), StandardCharsets.UTF_8)
                .replace("+", "%20");
        return nginx(verify).and("X-SSL-Client-Cert", pem);
    }

    private Row forwarded(String verify, Identity identity, String description, String reason, boolean verified) {
        return forwarded(
                forwarded(verify, identity), Optional.of(identity.certificate()), description, reason, verified);
    }

    private Row forwarded(
            Headers headers, Optional<X509Certificate> seen, String description, String reason, boolean verified) {
        return new Row("forwarded", verifying.token(headers), "invalid_client", description, reason, seen, verified);
    }

    Stream<Row> summary() {
        return Stream.of(
                summary(TestLoadBalancer.withoutCertificate(), null, "came without one", "no_certificate", false),
                summary(unverified("validation_failed"), good, "could not be verified", "not_verified", false),
                summary(unverified("chain_invalid_eku"), good, "client authentication", "wrong_purpose", false),
                summary(unverified("validation_not_performed"), good, "operator", "not_verified", false),
                summary(unverified("unsupported_key_algorithm"), good, "key", "weak", false),
                summary(verified(expired), expired, "expired", "expired", true),
                summary(verified(early), early, "not valid yet", "not_yet_valid", true),
                summary(verified(denied), denied, "revoked", "denied", true),
                summary(verified(withoutId), withoutId, "no SPIFFE ID", "no_client_id", true),
                summary(
                        verified(good).with(TestLoadBalancer.SERIAL, "x"),
                        null,
                        "invalid",
                        "contradictory_headers",
                        false),
                new Row(
                        "summary",
                        believing.token(verified(good)),
                        "invalid_client",
                        "load balancer",
                        "proxy_not_proven",
                        Optional.empty(),
                        false),
                new Row(
                        "summary",
                        believing.token(PROVEN.and(verified(good)), "audience", "https://elsewhere.example"),
                        "invalid_target",
                        "elsewhere",
                        "unknown_target",
                        Optional.of(good.certificate()),
                        true));
    }

    private Headers unverified(String error) {
        return TestLoadBalancer.unverified(good.certificate(), "client_cert_" + error);
    }

    private static Headers verified(Identity identity) {
        return TestLoadBalancer.verified(identity.certificate());
    }

    private Row summary(Headers headers, @Nullable Identity seen, String description, String reason, boolean verified) {
        return new Row(
                "summary",
                believing.token(PROVEN.and(headers)),
                "invalid_client",
                description,
                reason,
                Optional.ofNullable(seen).map(Identity::certificate),
                verified);
    }
}
