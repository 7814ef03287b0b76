package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IamCredentialsClientTest {

    private final TestGoogle test = new TestGoogle();
    private final FakeGoogle google = test.google;
    private final IamCredentialsClient client = test.clients.iamCredentials();
    private final ServiceCredentials credentials = test.credentials();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void signJwt_workingIam_signatureOfItsPublishedKey() throws Exception {
        String jws = sign();

        assertThat(verifies(jws)).isTrue();
        assertThat(SignedJWT.parse(jws).getJWTClaimsSet().getSubject()).isEqualTo("client");
    }

    @Test
    void signJwt_keyRotatedBetweenTwoCalls_bothVerify() throws Exception {
        String before = sign();
        google.iam().rotateKey();
        String after = sign();

        assertThat(verifies(before)).isTrue();
        assertThat(verifies(after)).isTrue();
        assertThat(kid(after)).isNotEqualTo(kid(before));
    }

    @Test
    void signJwt_ownTokenRevoked_refreshedOnce() {
        google.tokens().revokeAll();
        int tokens = google.calls(Call.TOKEN);

        assertThat(sign()).isNotEmpty();
        assertThat(google.calls(Call.TOKEN)).isEqualTo(tokens + 1);
        assertThat(google.calls(Call.SIGN_JWT)).isEqualTo(2);
    }

    @Test
    void signJwt_ownTokenNeverAccepted_refreshedOnceThenServerError() {
        google.fail(Call.SIGN_JWT, Fault.status(401, "UNAUTHENTICATED", "invalid credentials"));
        int tokens = google.calls(Call.TOKEN);

        Refusal failure = failure();

        assertThat(failure.error()).isEqualTo(OAuthError.SERVER_ERROR);
        assertThat(failure.detail().orElse("")).contains("refuses the credentials");
        assertThat(google.calls(Call.TOKEN)).isEqualTo(tokens + 1);
        assertThat(google.calls(Call.SIGN_JWT)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "403, PERMISSION_DENIED, roles/iam.serviceAccountTokenCreator",
        "404, NOT_FOUND, SERVICE_ACCOUNT",
        "400, INVALID_ARGUMENT, TOKEN_VALIDITY"
    })
    void signJwt_refused_serverErrorWithRemedyInTheLogOnly(int status, String code, String remedy) {
        google.fail(Call.SIGN_JWT, Fault.status(status, code, "because"));

        Refusal failure = failure();

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.error()).isEqualTo(OAuthError.SERVER_ERROR);
        assertThat(failure.detail().orElse("")).contains(remedy, "because", FakeGoogle.SERVICE_ACCOUNT);
        assertThat(failure.description()).doesNotContain(remedy, "because");
        assertThat(google.calls(Call.SIGN_JWT)).isEqualTo(1);
    }

    @Test
    void signJwt_apiDisabled_serverErrorNamingTheApi() {
        google.fail(Call.SIGN_JWT, Fault.body(403, "application/json", """
                        {"error": {"code": 403, "message": "API has not been used", "status": "PERMISSION_DENIED",
                          "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]}}
                        """));

        assertThat(failure().detail().orElse("")).contains("gcloud services enable iamcredentials.googleapis.com");
    }

    @Test
    void signJwt_quotaUsedUp_429WithGooglesRetryAfter() {
        google.fail(Call.SIGN_JWT, Fault.header(429, "Retry-After", "17"));

        Refusal failure = failure();

        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.error()).isEqualTo(OAuthError.TEMPORARILY_UNAVAILABLE);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(17));
        assertThat(google.calls(Call.SIGN_JWT))
                .as("17 s are beyond the deadline")
                .isEqualTo(1);
    }

    @Test
    void signJwt_oneTransientFailure_retried() {
        google.failOnce(Call.SIGN_JWT, Fault.status(503, "UNAVAILABLE", "try again"));

        assertThat(sign()).isNotEmpty();
        assertThat(test.metrics.counts())
                .containsEntry("token_service_google_retries_total{call=signJwt}", 1.0)
                .containsEntry("token_service_google_requests_total{call=signJwt,outcome=ok}", 1.0)
                .containsEntry("token_service_google_request_duration_seconds_count{call=signJwt}", 1.0)
                .containsEntry("token_service_google_requests_in_flight{call=signJwt}", 0.0);
    }

    @Test
    void signJwt_retryAfterWithinTheDeadline_honoured() {
        google.failOnce(Call.SIGN_JWT, Fault.header(429, "Retry-After", "1"));
        Instant start = Instant.now();

        assertThat(client.signJwt(credentials, claims(), Deadline.after(Duration.ofSeconds(3))))
                .isNotEmpty();
        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void signJwt_redirected_notFollowed() {
        google.fail(Call.SIGN_JWT, Fault.header(307, "Location", google.url() + "/elsewhere"));

        assertThat(failure().status()).isEqualTo(503);
        assertThat(google.calls(Call.SIGN_JWT)).isEqualTo(1);
    }

    @Test
    void signJwt_oneMoreThanMayWait_refusedAtOnce() throws Exception {
        google.fail(Call.SIGN_JWT, Fault.HANG);
        int most = TestGoogle.IMPATIENT.connections();
        ExecutorService threads = Executors.newFixedThreadPool(most);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            calls.add(threads.submit(() -> catchThrowable(this::sign)));
        }
        Eventually.within(
                Duration.ofSeconds(20),
                (double) most,
                () -> count("token_service_google_requests_in_flight{call=signJwt}"));
        Instant start = Instant.now();

        Refusal failure = failureOfRetries();

        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.retryAfter()).isPresent();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(count("token_service_google_requests_total{call=signJwt,outcome=busy}"))
                .isEqualTo(1);
        google.heal();
        for (Future<?> call : calls) {
            call.get();
        }
        threads.shutdown();
    }

    @Test
    void signJwt_algorithmOtherThanRs256_unavailable() {
        google.iam().setCannedSignature("eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.e30.c2ln");

        assertThat(failureOfRetries().detail().orElse("")).contains("RS256");
    }

    @Test
    void signJwt_noKeyId_unavailable() {
        google.iam().setCannedSignature("eyJhbGciOiJSUzI1NiJ9.e30.c2ln");

        assertThat(failureOfRetries().detail().orElse("")).contains("kid");
    }

    @ParameterizedTest
    @CsvSource({"a.b", "a.b.c.d", "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ..c2ln", "null.null.null", "a b.c.d"})
    void signJwt_noCompactJws_unavailable(String jws) {
        google.iam().setCannedSignature(jws);

        assertThat(failureOfRetries().status()).isEqualTo(503);
    }

    @Test
    @Tag("endurance")
    void signJwt_thousandsOfSignatures_connectionsReused() throws Exception {
        int threads = 8;
        int signed = 2_500;
        try (TestGoogle patient = new TestGoogle(GoogleTransport.Limits.DEFAULT)) {
            patient.google.iam().setCannedSignature(sign());
            ServiceCredentials owner = patient.credentials();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<String>> signatures = Stream.generate(() -> pool.submit(() -> patient.clients
                            .iamCredentials()
                            .signJwt(owner, claims(), Deadline.after(Deadline.OF_A_REQUEST))))
                    .limit(signed)
                    .toList();
            for (Future<String> signature : signatures) {
                assertThat(signature.get()).isNotEmpty();
            }
            pool.shutdown();

            assertThat(patient.google.calls(Call.SIGN_JWT)).isEqualTo(signed);
            assertThat(patient.google.connections()).isLessThanOrEqualTo(threads + 1);
        }
    }

    private String sign() {
        return client.signJwt(credentials, claims(), TestGoogle.patient());
    }

    private Refusal failure() {
        return catchThrowableOfType(RefusedException.class, this::sign).refusal();
    }

    /** The same for a failure after which the client tries again. */
    private Refusal failureOfRetries() {
        return catchThrowableOfType(
                        RefusedException.class, () -> client.signJwt(credentials, claims(), TestGoogle.soon()))
                .refusal();
    }

    private static String claims() {
        return "{\"sub\":\"client\",\"exp\":" + Instant.now().plusSeconds(300).getEpochSecond() + "}";
    }

    private boolean verifies(String jws) throws Exception {
        return SignedJWT.parse(jws)
                .verify(new RSASSAVerifier(
                        google.iam().publicKeys().getKeyByKeyId(kid(jws)).toRSAKey()));
    }

    private static String kid(String jws) throws Exception {
        return SignedJWT.parse(jws).getHeader().getKeyID();
    }

    private double count(String metric) {
        return test.metrics.counts().getOrDefault(metric, 0.0);
    }
}
