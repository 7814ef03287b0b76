package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck.Result;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallHealthTest {

    private final TestClock clock = new TestClock();
    private Duration ahead = Duration.ZERO;
    private final TestGoogle test = new TestGoogle(clock);
    private final TokenSigner signer =
            new IamSigner(test.clients.iamCredentials(), test.credentials(), "https://keys.example/jwks");
    private final CallHealth iam =
            CallHealth.ofSigning(test.clients.iamCredentials().signJwtHistory());
    private final IamPing ping = new IamPing(test.clients.iamCredentials().signJwtHistory(), signer::sign, clock);

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void iam_nothingSignedYet_unhealthy() {
        assertThat(iam.look().isHealthy()).isFalse();
    }

    @Test
    void iam_signed_healthyWithAge() {
        sign();
        advance(Duration.ofSeconds(42));

        Result result = iam.look();

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

        Result failing = iam.look();
        test.google.heal();
        sign();

        assertThat(failing.isHealthy()).isFalse();
        assertThat(failing.getMessage())
                .contains("3 calls in a row failed", "roles/iam.serviceAccountTokenCreator", "last success: 2");
        assertThat(iam.look().isHealthy()).isTrue();
    }

    @Test
    void iam_manyFailuresOfAMoment_stillHealthyAndTold() {
        sign();
        advance(Duration.ofMinutes(1));
        deny();
        for (int i = 0; i < 20; i++) {
            sign();
        }
        advance(CallHealth.TOLERATED.dividedBy(3));

        assertThat(iam.look().isHealthy()).isTrue();
        assertThat(iam.look().getMessage()).contains("20 calls in a row failed");
        advance(CallHealth.TOLERATED);
        assertThat(iam.look().isHealthy()).isFalse();
    }

    @Test
    void iam_twoFailuresFarApart_stillHealthy() {
        sign();
        deny();
        sign();
        advance(Duration.ofMinutes(1));
        ping.ping();
        assertThat(iam.look().isHealthy()).isTrue();

        advance(Duration.ofMinutes(1));
        ping.ping();
        assertThat(iam.look().isHealthy()).isFalse();
    }

    @Test
    void iam_failsFromTheStart_unhealthyAtOnce() {
        deny();
        sign();

        assertThat(iam.look().isHealthy()).isFalse();
        assertThat(iam.look().getMessage()).contains("1 call in a row failed", "last success: never");
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

        assertThat(iam.look().isHealthy()).isTrue();
    }

    @Test
    void iam_manyProbes_noCall() {
        sign();
        for (int i = 0; i < 1000; i++) {
            iam.look();
        }

        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(1);
    }

    @Test
    void ping_nothingSignedForAMinute_signsOnce() {
        ping.ping();
        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(1);

        advance(Duration.ofSeconds(30));
        ping.ping();
        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(1);

        advance(Duration.ofSeconds(30));
        ping.ping();
        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(2);
        assertThat(iam.look().isHealthy()).isTrue();
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
        ping.ping();

        assertThat(test.google.calls(Call.SIGN_JWT)).isEqualTo(calls + 1);
        assertThat(iam.look().getMessage()).isEqualTo("last success: 0 s ago");
    }

    @Test
    void start_scheduled_pingsInTheBackground() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        ping.start(scheduler);
        scheduler.submit(() -> {}).get();

        assertThat(iam.look().isHealthy()).isTrue();
        scheduler.shutdownNow();
    }

    @Test
    void sts_nothingExchangedYet_healthy() {
        assertThat(CallHealth.ofExchange(test.clients.sts().history()).look().isHealthy())
                .isTrue();
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
        } catch (RefusedException e) {
            assertThat(e.refusal().status()).isIn(429, 500, 503);
        }
    }
}
