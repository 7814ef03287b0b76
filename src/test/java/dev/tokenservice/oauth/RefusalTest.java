package dev.tokenservice.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RefusalTest {

    /** The closed set that audit lines and metrics show. */
    private static final String[] REASONS = {
        "no_certificate",
        "not_verified",
        "untrusted",
        "expired",
        "not_yet_valid",
        "wrong_purpose",
        "weak",
        "constraint",
        "revoked",
        "revocation_unknown",
        "denied",
        "name_not_allowed",
        "no_client_id",
        "ambiguous_client_id",
        "contradictory_headers",
        "proxy_not_proven",
        "malformed_request",
        "wrong_client_id",
        "unknown_target",
        "policy",
        "rate",
        "google_refused",
        "google_unavailable",
        "operator",
        "internal"
    };

    @Test
    void reasons_areTheClosedSet() {
        assertThat(Arrays.stream(ReasonCode.values()).map(ReasonCode::code)).containsExactlyInAnyOrder(REASONS);
    }

    @Test
    void because_reasonAlone_hasItsUsualErrorAndStatus() {
        Refusal refusal = Refusal.because(ReasonCode.EXPIRED, "renew it").build();

        assertThat(refusal.reason()).isEqualTo(ReasonCode.EXPIRED);
        assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_CLIENT);
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.description()).isEqualTo("renew it");
        assertThat(refusal.detail()).isEmpty();
        assertThat(refusal.retryAfter()).isEmpty();
        assertThat(refusal.isOperatorsToFix()).isFalse();
    }

    @Test
    void builder_everything_isKept() {
        Refusal refusal = Refusal.because(ReasonCode.RATE, "later")
                .status(429)
                .detail("the quota is used up")
                .remedy("ask for more")
                .retryAfter(Duration.ofSeconds(7))
                .cause(new IllegalStateException("cause"))
                .build();

        assertThat(refusal.error()).isEqualTo(OAuthError.TEMPORARILY_UNAVAILABLE);
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.problem()).contains("the quota is used up");
        assertThat(refusal.remedy()).contains("ask for more");
        assertThat(refusal.detail()).contains("the quota is used up; ask for more");
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void error_another_bringsItsStatus() {
        Refusal refusal = Refusal.because(ReasonCode.GOOGLE_REFUSED, "no")
                .error(OAuthError.SERVER_ERROR)
                .build();

        assertThat(refusal.status()).isEqualTo(500);
        assertThat(refusal.isOperatorsToFix()).isTrue();
    }

    @Test
    void exception_hasNoStackTraceAndTheCause() {
        RefusedException refused = Refusal.because(ReasonCode.INTERNAL, "failed")
                .cause(new IllegalStateException("cause"))
                .exception();

        assertThat(refused).hasMessage("failed").hasCauseInstanceOf(IllegalStateException.class);
        assertThat(refused.getStackTrace()).isEmpty();
    }
}
