package dev.tokenservice.authentication;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestListServer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestService;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revocation lists that the service fetches for one authority, while the clients of another have nothing to do with it. */
class RevocationFetchIT {

    private static final Duration IN_FORCE = Duration.ofSeconds(3);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Headers NONE = Headers.NONE;

    @TempDir
    Path folder;

    private final TestListServer server = TestListServer.start();
    private PolicyFolder files;
    private Identity robot;
    private Identity clerk;

    @BeforeEach
    void write() {
        files = new PolicyFolder(folder);
        files.write(policy(server.url("/factory.crl")));
        robot = files.factory.client(PolicyFolder.OWN);
        clerk = files.office.client(PolicyFolder.FOREIGN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String policy(String url) {
        return PolicyFolder.TWO.replace(
                "trustBundle: factory.pem", "trustBundle: factory.pem, crl: {fetch: [\"" + url + "\"], every: 1m}");
    }

    private void publish(Duration ago, X509Certificate... revoked) {
        server.publish(
                "/factory.crl",
                files.factory.revoke(
                        DAY, list -> list.setThisUpdate(Date.from(Instant.now().minus(ago))), revoked));
    }

    private static Response health(TestService service) {
        return service.sendToAdmin(Request.get("/healthcheck"));
    }

    @Test
    void list_ofTheServer_isInForceOnEveryConnectionWithinSeconds() throws Exception {
        publish(Duration.ofHours(2));
        try (TestService service = files.startTls();
                SSLSocket open = files.tls(robot).open(service.tlsPort());
                TestLog log = new TestLog()) {
            assertThat(PolicyFolder.keptAlive(service, open, NONE)).isEqualTo(200);
            assertThat(log.text(Level.INFO)).containsPattern("generation=\"[0-9a-f]{12}\", content=\"[0-9a-f]{12}\"");

            publish(Duration.ofHours(1), robot.certificate());
            service.ticker().advance(Duration.ofMinutes(1));
            Eventually.within(IN_FORCE, 401, () -> PolicyFolder.keptAlive(service, open, NONE));
            assertError(files.token(service, robot), 401, "invalid_client");
            assertThat(log.text(Level.INFO)).contains("reason_code=\"revoked\"");
            assertThat(files.token(service, clerk).status()).isEqualTo(200);

            server.answer("/factory.crl", TestListServer.Reply.of(500));
            service.ticker().advance(Duration.ofMinutes(1));
            Eventually.within(IN_FORCE, true, () -> health(service).body().contains("answers with the status 500"));
            assertError(files.token(service, robot), 401, "invalid_client");
        }
    }

    @Test
    void list_thatWasNeverFetched_keepsBackItsClientsOnly() {
        try (TestLog log = new TestLog();
                TestService service = files.startTls()) {
            Response answer = files.token(service, robot);
            assertError(answer, 503, "temporarily_unavailable");
            assertThat(answer.header("retry-after")).contains("5");
            assertThat(files.token(service, clerk).status()).isEqualTo(200);
            assertThat(service.send(Request.get("/health-check?type=ready")).status())
                    .isEqualTo(200);
            assertThat(health(service).status()).isEqualTo(500);
            assertThat(health(service)
                            .json()
                            .path("revocation-lists")
                            .path("message")
                            .textValue())
                    .isEqualTo("authority factory: " + server.url("/factory.crl")
                            + " answers with the status 404: have the server answer with the list itself, of 8 MiB at most; "
                            + "no list is in force, and clients that need it get 503");
            assertThat(log.text(Level.INFO))
                    .contains("reason_code=\"revocation_unknown\"")
                    .contains(
                            "no current revocation list of CN=Root CA was fetched: the health check revocation-lists says why");

            publish(Duration.ofHours(1));
            service.ticker().advance(Duration.ofMinutes(1));
            Eventually.within(IN_FORCE, 200, () -> files.token(service, robot).status());
            assertThat(health(service)
                            .json()
                            .path("revocation-lists")
                            .path("message")
                            .textValue())
                    .matches("authority factory: lists in force: 1; content [0-9a-f]{12}");
            assertMetrics(service);
        }
    }

    private static void assertMetrics(TestService service) {
        TestMetrics metrics = TestMetrics.of(service);
        Map<String, String> factory = Map.of("authority", "factory");
        assertThat(metrics.value("token_service_revocation_list_age_seconds", factory))
                .isBetween(0.0, 60.0);
        assertThat(metrics.value("token_service_revocation_list_max_age_seconds", factory))
                .isEqualTo(86_400);
        assertThat(metrics.value("token_service_revocation_lists", Map.of("authority", "factory", "state", "current")))
                .isOne();
        assertThat(metrics.value(
                        "token_service_revocation_list_fetches_total",
                        Map.of("authority", "factory", "outcome", "fetched")))
                .isOne();
        assertThat(metrics.values("token_service_policy_content", "content"))
                .singleElement()
                .asString()
                .hasSize(12);
    }

    /** The policy allows the host that the certificate names, and it leads to this machine. */
    @Test
    void list_thatACertificateNames_isNeverFetchedFromAPrivateAddress() {
        server.publish("/factory.crl", files.factory.revoke(DAY));
        files.write(PolicyFolder.TWO.replace(
                "trustBundle: factory.pem", "trustBundle: factory.pem, distributionPoints: {hosts: [localhost]}"));
        DistributionPointName point = new DistributionPointName(
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, server.url("/factory.crl"))));
        Identity named = files.factory
                .leaf("client")
                .uri(PolicyFolder.OWN)
                .purposes(KeyPurposeId.id_kp_clientAuth)
                .extension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(point, null, null)
                }))
                .issue();
        try (TestService service = files.startTls()) {
            assertError(files.token(service, robot), 401, "invalid_client");
            assertError(files.token(service, named), 503, "temporarily_unavailable");
            Eventually.within(
                    IN_FORCE, true, () -> health(service).body().contains("is not an address of the public internet"));
            assertThat(server.requests()).isEmpty();
            assertThat(files.token(service, clerk).status()).isEqualTo(200);
        }
    }

    @Test
    void policy_thatNamesANewUrl_waitsForItAndFailsNobody() throws Exception {
        publish(Duration.ofHours(1), robot.certificate());
        files.write(PolicyFolder.TWO);
        try (TestService service = files.startTls()) {
            assertThat(files.token(service, robot).status()).isEqualTo(200);

            files.write(policy(server.url("/factory.crl")));
            Eventually.within(
                    Duration.ofSeconds(5),
                    401,
                    () -> files.token(service, robot).status());
        }
    }
}
