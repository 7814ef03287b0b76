package dev.tokenservice.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck.Result;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.Fault;
import dev.tokenservice.google.TestGoogle;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {

    private final TestClock clock = new TestClock();
    private Duration ahead = Duration.ZERO;
    private final TestGoogle test = new TestGoogle(clock);
    private final TokenSigner signer =
            new IamSigner(test.clients.iamCredentials(), test.credentials(), "https://keys.example/jwks");
    private final IamHealthCheck iam =
            new IamHealthCheck(test.clients.iamCredentials().signJwtHistory(), signer, clock);

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void iam_nothingSignedYet_unhealthy() {
        assertThat(iam.execute().isHealthy()).isFalse();
    }

    @Test
    void iam_signed_healthyWithAge() {
        sign();
        advance(Duration.ofSeconds(42));

        Result result = iam.execute();

        assertThat(result.isHealthy()).isTrue();
        assertThat(result.getMessage()).isEqualTo("last success: 42 s ago");
    }

    @Test
    void iam_signingKeepsFailing_unhealthyWithReasonUntilItWorksAgain() {
        sign();
        deny();
        advance(Duration.ofSeconds(5));
        sign();
        advance(Duration.ofSeconds(10));
        sign();
        advance(Duration.ofSeconds(5));
        sign();

        Result failing = iam.execute();
        test.google.heal();
        sign();

        assertThat(failing.isHealthy()).isFalse();
        assertThat(failing.getMessage())
                .contains("3 in a row failed", "roles/iam.serviceAccountTokenCreator", "last success: 2");
        assertThat(iam.execute().isHealthy()).isTrue();
    }

    @Test
    void iam_manyFailuresOfAMoment_stillHealthyAndTold() {
        sign();
        advance(Duration.ofMinutes(1));
        deny();
        for (int i = 0; i < 20; i++) {
            sign();
        }
        advance(CallHealthCheck.TOLERATED.dividedBy(3));

        assertThat(iam.execute().isHealthy()).isTrue();
        assertThat(iam.execute().getMessage()).contains("20 in a row failed");
        advance(CallHealthCheck.TOLERATED);
        assertThat(iam.execute().isHealthy()).isFalse();
    }

    @Test
    void iam_twoFailuresFarApart_stillHealthy() {
        sign();
        deny();
        sign();
        advance(Duration.ofMinutes(1));
        iam.ping();
        assertThat(iam.execute().isHealthy()).isTrue();

        advance(Duration.ofMinutes(1));
        iam.ping();
        assertThat(iam.execute().isHealthy()).isFalse();
    }

    @Test
    void iam_failsFromTheStart_unhealthyAtOnce() {
        deny();
        sign();

        assertThat(iam.execute().isHealthy()).isFalse();
        assertThat(iam.execute().getMessage()).contains("1 in a row failed", "last success: never");
    }

    private void deny() {
        test.google.fail(Call.SIGN_JWT, Fault.status(403, "PERMISSION_DENIED", "denied"));
    }

    @Test
    void iam_quotaUsedUp_stillHealthy() {
        sign();
        advance(Duration.ofSeconds(1));
        test.google.fail(Call.SIGN_JWT, Fault.status(429, "RESOURCE_EXHAUSTED", "quota"));
        sign();

        assertThat(iam.execute().isHealthy()).isTrue();
    }

    @Test
    void iam_manyProbes_noCall() {
        sign();
        for (int i = 0; i < 1000; i++) {
            iam.execute();
        }

        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(1);
    }

    @Test
    void ping_nothingSignedForAMinute_signsOnce() {
        iam.ping();
        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(1);

        advance(Duration.ofSeconds(30));
        iam.ping();
        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(1);

        advance(Duration.ofSeconds(30));
        iam.ping();
        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(2);
        assertThat(iam.execute().isHealthy()).isTrue();
    }

    @Test
    void ping_lastCallFailed_triesAgain() {
        sign();
        advance(Duration.ofSeconds(1));
        test.google.fail(Call.SIGN_JWT, Fault.status(404, "NOT_FOUND", "no such account"));
        sign();
        test.google.heal();
        int calls = test.google.calls(Call.SIGN_JWT);

        advance(Duration.ofSeconds(1));
        iam.ping();

        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(calls + 1);
        assertThat(iam.execute().getMessage()).isEqualTo("last success: 0 s ago");
    }

    @Test
    void start_scheduled_pingsInTheBackground() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        iam.start(scheduler);
        scheduler.submit(() -> {}).get();

        assertThat(iam.execute().isHealthy()).isTrue();
        scheduler.shutdownNow();
    }

    @Test
    void sts_nothingExchangedYet_healthy() {
        assertThat(new StsHealthCheck(test.clients.sts().history()).execute().isHealthy())
                .isTrue();
    }

    @Test
    void signingKey_publishedByIam_healthyWithAddress() {
        Result result = new SigningKeyHealthCheck(signer).execute();

        assertThat(result.isHealthy()).isTrue();
        assertThat(result.getMessage()).contains("RS256", "https://keys.example/jwks");
    }

    @Test
    void signingKey_noKeyPublished_unhealthy() {
        assertThat(new SigningKeyHealthCheck(new KeylessSigner()).execute().isHealthy())
                .isFalse();
    }

    private void advance(Duration duration) {
        ahead = ahead.plus(duration);
        clock.ahead(ahead);
    }

    private void sign() {
        try {
            signer.sign(
                    Map.of("exp", Instant.now().plusSeconds(60).getEpochSecond()),
                    Deadline.after(Deadline.OF_A_REQUEST));
        } catch (OAuthException e) {
            assertThat(e.status()).isIn(429, 500, 503);
        }
    }

    private static final class KeylessSigner implements TokenSigner {

        @Override
        public String sign(Map<String, ?> claims, Deadline deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String algorithm() {
            return "ES256";
        }

        @Override
        public Optional<String> jwksUri() {
            return Optional.empty();
        }

        @Override
        public List<Map<String, Object>> publicKeys() {
            return List.of();
        }
    }
}
