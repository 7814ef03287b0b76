package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import dev.tokenservice.testing.TestMetrics;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar on a Cloud Run of the test's own: attached service account, IAM, STS, and everything that can go wrong there. */
class GoogleIT {

    private static final String PROVIDER =
            "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/providers/token-service";
    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";
    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    private static final String IMPERSONATED = "reader@project.iam.gserviceaccount.com";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private static FakeGoogle google;
    private static RunningJar service;

    @BeforeAll
    static void start() {
        google = FakeGoogle.start();
        Map<String, String> environment = google.cloudRun();
        environment.putAll(FakeGoogle.WORKLOAD_IDENTITY);
        service = RunningJar.start(folder, environment, google.certificates().jvmArguments(folder));
        google.sts().addProvider(PROVIDER, "http://localhost:" + service.port());
        google.iam().grantImpersonation(IMPERSONATED, SPIFFE_ID);
    }

    @AfterEach
    void heal() {
        google.heal();
    }

    @AfterAll
    static void stop() {
        service.close();
        google.close();
    }

    @Test
    void idToken_onCloudRun_verifiesThroughDiscovery() throws ParseException, JOSEException {
        Answer answer = token("");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("access_token")).isEqualTo(answer.text("id_token"));
        SignedJWT token = SignedJWT.parse(answer.text("id_token"));
        assertThat(get("/.well-known/openid-configuration").text("jwks_uri"))
                .isEqualTo(google.jwksUrl().replace("{email}", FakeGoogle.SERVICE_ACCOUNT));
        assertThat(token.verify(new RSASSAVerifier(google.iam()
                        .publicKeys()
                        .getKeyByKeyId(token.getHeader().getKeyID())
                        .toRSAKey())))
                .isTrue();
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("https:" + PROVIDER);
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo(SPIFFE_ID);
    }

    @Test
    void accessToken_forScope_isExchangedAtSts() {
        Answer answer = token("scope=" + CLOUD_PLATFORM);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("issued_token_type")).isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(answer.text("scope")).isEqualTo(CLOUD_PLATFORM);
        assertThat(answer.json().path("expires_in").asInt()).isBetween(3500, 3599);
        assertThat(answer.text("access_token")).isNotEmpty().isNotEqualTo(answer.text("id_token"));
    }

    @Test
    void accessToken_forServiceAccount_isThatOfTheAccount() {
        String scopes = "https://www.googleapis.com/auth/devstorage.read_only+https://www.googleapis.com/auth/pubsub";

        Answer answer = token("service_account=" + IMPERSONATED + "&scope=" + scopes);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("scope")).isEqualTo(scopes.replace('+', ' '));
        assertThat(answer.json().path("expires_in").asInt()).isBetween(3500, 3600);
    }

    @Test
    void serviceAccount_notGranted_isInvalidGrantWithGooglesReason() {
        Answer answer = token("service_account=other@project.iam.gserviceaccount.com&scope=" + CLOUD_PLATFORM);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("error")).isEqualTo("invalid_grant");
        assertThat(answer.text("error_description")).contains("impersonate");
        assertThat(auditLine(answer)).contains("reason_code=\"google_refused\"").contains("verified=\"true\"");
    }

    @Test
    void scope_unknownToGoogle_isInvalidScope() {
        Answer answer = token("scope=nonsense");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("error")).isEqualTo("invalid_scope");
    }

    @Test
    void externalCredential_withScope_ignoresTheScope() {
        int exchanges = google.calls(Call.STS);

        Answer answer = token("format=external_credential&scope=" + CLOUD_PLATFORM);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("success").asBoolean()).isTrue();
        assertThat(answer.json().path("expiration_time").asLong())
                .isGreaterThan(Instant.now().getEpochSecond());
        assertThat(google.calls(Call.STS)).isEqualTo(exchanges);
    }

    @Test
    void healthGauges_scrapedOften_costNoCall() {
        assertThat(token("scope=" + CLOUD_PLATFORM).status()).isEqualTo(200);
        int signatures = google.calls(Call.SIGN_JWT);
        int exchanges = google.calls(Call.STS);

        for (int scrape = 0; scrape < 20; scrape++) {
            TestMetrics metrics = TestMetrics.parse(TestClient.get(service.adminPort(), "/prometheus")
                    .response()
                    .body());
            assertThat(metrics.value("token_service_ready", Map.of())).isOne();
            assertThat(metrics.values("token_service_health_check", "check")).contains("iam", "sts");
        }

        assertThat(google.calls(Call.SIGN_JWT)).isEqualTo(signatures);
        assertThat(google.calls(Call.STS)).isEqualTo(exchanges);
    }

    @Test
    void keysOfGoogle_rotatedBetweenTwoRequests_verifyBoth() {
        Answer first = token("scope=" + CLOUD_PLATFORM);
        google.iam().rotateKey();
        Answer second = token("scope=" + CLOUD_PLATFORM);

        assertThat(List.of(first.status(), second.status())).containsExactly(200, 200);
    }

    @Test
    void ownToken_revoked_isRenewedWithinTheRequest() {
        assertThat(token("").status()).isEqualTo(200);
        google.tokens().revokeAll();

        assertThat(token("").status()).isEqualTo(200);
    }

    @Test
    void ownAccount_mayNotSign_isServerErrorAndTheLogNamesTheRole() {
        google.fail(
                Call.SIGN_JWT, Fault.status(403, "PERMISSION_DENIED", "Permission iam.serviceAccounts.signJwt denied"));

        Answer answer = token("");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text("error")).isEqualTo("server_error");
        assertThat(answer.text("error_description")).doesNotContain("iam.");
        assertThat(auditLine(answer))
                .contains("roles/iam.serviceAccountTokenCreator")
                .contains("reason_code=\"operator\"");
    }

    private static String auditLine(Answer answer) {
        String id = "request_id=\"" + answer.header("x-request-id") + "\"";
        return service.log()
                .lines()
                .filter(line -> line.contains(" audit: ") && line.contains(id))
                .findFirst()
                .orElse("");
    }

    /** One fault a call; every fault of every call is in the unit test of the clients, under limits that take less time. */
    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Call.SIGN_JWT, Fault.HANG, ""),
                Arguments.of(Call.STS, Fault.HTML, "scope=" + CLOUD_PLATFORM),
                Arguments.of(
                        Call.GENERATE_ACCESS_TOKEN,
                        Fault.DROP,
                        "service_account=" + IMPERSONATED + "&scope=" + CLOUD_PLATFORM));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void anyCall_faulty_is503WithinTenSecondsAndTheNextRequestSucceeds(Call call, Fault fault, String request) {
        google.fail(call, fault);
        Answer failed = token(request);
        google.heal();
        Answer next = token(request);

        assertThat(failed.status()).as(failed.response().body()).isEqualTo(503);
        assertThat(failed.text("error")).isEqualTo("temporarily_unavailable");
        assertThat(failed.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(failed.took()).isLessThan(LIMIT);
        assertThat(next.status()).as(next.response().body()).isEqualTo(200);
    }

    @Test
    void quota_usedUp_is429WithRetryAfter() {
        google.fail(Call.STS, Fault.oauth(429, "quota_exceeded", "Too many"));

        Answer answer = token("scope=" + CLOUD_PLATFORM);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(answer.took()).isLessThan(LIMIT);
    }

    @Test
    void sts_findsOurRequestWrong_isServerError() {
        google.fail(Call.STS, Fault.oauth(400, "invalid_target", "no such provider"));

        Answer answer = token("format=&scope=" + CLOUD_PLATFORM);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(service.log()).contains("WORKLOAD_IDENTITY_PROJECT_NUMBER");
    }

    @Test
    void log_afterAllThis_holdsNoToken() {
        Answer answer = token("scope=" + CLOUD_PLATFORM);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(service.log())
                .doesNotContain(answer.text("access_token"))
                .doesNotContain(answer.text("id_token"))
                .doesNotContain("eyJ");
    }

    private static Answer get(String path) {
        return TestClient.get(service.port(), path);
    }

    private static Answer token(String parameters) {
        return TestClient.tokenAsync(service.port(), SPIFFE_ID, parameters).join();
    }
}
