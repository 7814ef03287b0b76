package dev.tokenservice.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tokenservice.google.AccessToken;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.oauth.TokenResponse;
import dev.tokenservice.policy.Audiences;
import dev.tokenservice.policy.AuthenticatedRequest;
import dev.tokenservice.policy.ClientPolicy;
import dev.tokenservice.policy.RateLimits;
import dev.tokenservice.policy.RuleEnforcement;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.testing.TestLog;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class TokenServiceTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Issuer ISSUER = new Issuer("https://issuer.example", false);
    private static final ClientPrincipal CLIENT = new ClientPrincipal(
            "robot",
            "flow",
            "default",
            ClientCertificate.ofUris(
                    List.of(),
                    List.of("robot"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));

    private static final Logger AUDIT = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);

    private final FakeSigner signer = new FakeSigner();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private Duration accessTokenLifetime = Duration.ofMinutes(30);
    private final TokenService tokens = service((idToken, request, deadline) ->
            new AccessToken("access-for-" + idToken.value(), NOW.plus(accessTokenLifetime)));

    @AfterEach
    void setLevelBack() {
        AUDIT.setLevel(null);
    }

    @Test
    void issue_withoutScope_answersTheIdTokenTwice() {
        IssuedTokens issued = tokens.issue(asked(request()));

        assertThat(issued.response())
                .isEqualTo(new TokenResponse("signed-1", "signed-1", TokenResponse.ID_TOKEN_TYPE, 300, null));
        assertThat(signer.signed().get(0).get("aud")).isEqualTo("default");
    }

    @Test
    void issue_withScope_answersTheExchangedToken() {
        IssuedTokens issued = tokens.issue(asked(request("a", "b")));

        assertThat(issued.response())
                .isEqualTo(new TokenResponse(
                        "signed-1", "access-for-signed-1", TokenResponse.ACCESS_TOKEN_TYPE, 1800, "a b"));
        assertThat(signer.signed().get(0).get("aud")).isEqualTo("provider");
    }

    @ParameterizedTest
    @CsvSource({"-60000", "0", "999"})
    void issue_accessTokenWithoutTimeLeft_isToBeAskedForAgain(long milliseconds) {
        accessTokenLifetime = Duration.ofMillis(milliseconds);

        Refusal refusal = catchThrowableOfType(RefusedException.class, () -> tokens.issue(asked(request("a"))))
                .refusal();

        assertThat(refusal.error()).isEqualTo(OAuthError.TEMPORARILY_UNAVAILABLE);
        assertThat(refusal.reason()).isEqualTo(ReasonCode.GOOGLE_UNAVAILABLE);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(issuedCount()).isZero();
    }

    @Test
    void issue_refusedByPolicy_signsNothing() {
        TokenRequest elsewhere = new TokenRequest(
                Optional.empty(), Optional.of("elsewhere"), Optional.empty(), List.of(), Optional.empty(), false);

        assertThatThrownBy(() -> tokens.issue(asked(elsewhere))).isInstanceOf(RefusedException.class);
        assertThat(signer.signed()).isEmpty();
        assertThat(issuedCount()).isZero();
    }

    @Test
    void issue_exchangeRefused_countsNothingAsIssued() {
        TokenService refusing = service((idToken, request, deadline) -> {
            throw Refusal.because(ReasonCode.GOOGLE_REFUSED, "no").exception();
        });

        assertThatThrownBy(() -> refusing.issue(asked(request("a")))).isInstanceOf(RefusedException.class);
        assertThat(issuedCount()).isZero();
    }

    @Test
    void issue_granted_isAuditedOnceWithoutAnyToken() {
        AuditTrail trail = new AuditTrail("r-1", InetAddress.getLoopbackAddress());
        trail.flow("flow");
        trail.clientId("robot");
        AUDIT.setLevel(Level.INFO);
        try (TestLog log = new TestLog()) {
            IssuedTokens issued =
                    tokens.issue(new AuthenticatedRequest(CLIENT, request("a", "b"), ISSUER, Optional.empty(), trail));

            assertThat(log.audit()).hasSize(1);
            ILoggingEvent line = log.audit().get(0);
            assertThat(line.getKeyValuePairs())
                    .extracting(pair -> pair.key, pair -> String.valueOf(pair.value))
                    .contains(
                            tuple("decision", "issued"),
                            tuple("flow", "flow"),
                            tuple("client_id", "robot"),
                            tuple("token_id", issued.idToken().id()),
                            tuple("audience", "provider"),
                            tuple("scope", "a b"));
            assertThat(line.toString() + line.getKeyValuePairs()).doesNotContain("signed-1", "access-for");
        }
        assertThat(issuedCount()).isEqualTo(1);
    }

    private double issuedCount() {
        return metrics.counts().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("token_service_tokens_issued"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private TokenService service(TokenExchange exchange) {
        return new TokenService(
                new ClientPolicy(
                        new Audiences(Optional.empty(), Optional.of("default"), List.of(), Optional.of("provider")),
                        new RuleEnforcement(new RateLimits(() -> 0), CLOCK, metrics)),
                new IdTokenIssuer(signer, Duration.ofMinutes(5), CLOCK),
                Optional.of(exchange),
                new AuditLog(),
                metrics,
                CLOCK);
    }

    private static AuthenticatedRequest asked(TokenRequest request) {
        AuditTrail trail = new AuditTrail("r-1", InetAddress.getLoopbackAddress());
        return new AuthenticatedRequest(CLIENT, request, ISSUER, Optional.empty(), trail);
    }

    private static TokenRequest request(String... scopes) {
        return new TokenRequest(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(scopes), Optional.empty(), false);
    }
}
