package dev.tokenservice.token;

import dev.tokenservice.google.AccessToken;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.oauth.TokenResponse;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.AuthenticatedRequest;
import dev.tokenservice.policy.ClientPolicy;
import dev.tokenservice.policy.Decision;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.telemetry.TokenKind;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** From an authenticated client to its tokens: straight on, and no step that a flow can skip. */
public final class TokenService {

    private final ClientPolicy policy;
    private final IdTokenIssuer idTokens;
    private final Optional<? extends TokenExchange> exchange;
    private final AuditLog audit;
    private final ServiceMetrics metrics;
    private final Clock clock;

    /**
     * Takes the steps.
     *
     * @param exchange where there is a workload identity provider
     */
    public TokenService(
            ClientPolicy policy,
            IdTokenIssuer idTokens,
            Optional<? extends TokenExchange> exchange,
            AuditLog audit,
            ServiceMetrics metrics,
            Clock clock) {
        this.policy = policy;
        this.idTokens = idTokens;
        this.exchange = exchange;
        this.audit = audit;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Issues what the client asks for, or throws.
     *
     * @throws dev.tokenservice.oauth.RefusedException with what the client is told, and why
     */
    public IssuedTokens issue(AuthenticatedRequest asked) {
        Decision decision = policy.decide(asked);
        TokenRequest request = asked.request();
        Deadline deadline = Deadline.after(Deadline.OF_A_REQUEST);
        IdToken idToken = idTokens.issue(asked.client(), asked.issuer().url(), decision, deadline);
        TokenResponse response =
                decision.accessToken() ? accessTokenResponse(idToken, request, deadline) : idTokenResponse(idToken);
        record(asked, decision, idToken);
        return new IssuedTokens(idToken, response);
    }

    private static TokenResponse idTokenResponse(IdToken idToken) {
        long lifetime =
                Duration.between(idToken.issuedAt(), idToken.expiresAt()).toSeconds();
        return new TokenResponse(idToken.value(), idToken.value(), TokenResponse.ID_TOKEN_TYPE, lifetime, null);
    }

    private TokenResponse accessTokenResponse(IdToken idToken, TokenRequest request, Deadline deadline) {
        AccessToken accessToken = exchange.orElseThrow(
                        () -> new IllegalStateException("policy grants no exchange here"))
                .exchange(idToken, request, deadline);
        long lifetime = Duration.between(clock.instant(), accessToken.expiry()).toSeconds();
        if (lifetime < 1) {
            throw Refusal.because(
                            ReasonCode.GOOGLE_UNAVAILABLE, "the access token from Google has just expired; try again")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception();
        }
        return new TokenResponse(
                idToken.value(),
                accessToken.value(),
                TokenResponse.ACCESS_TOKEN_TYPE,
                lifetime,
                String.join(" ", request.scopes()));
    }

    private void record(AuthenticatedRequest asked, Decision decision, IdToken idToken) {
        TokenRequest request = asked.request();
        metrics.issued(
                asked.client().flow(), kind(request), decision.relyingParty().name());
        asked.client()
                .certificate()
                .notAfter()
                .ifPresent(end -> metrics.clientCertificate(Duration.between(clock.instant(), end)));
        audit.issued(
                asked.trail(),
                new AuditLog.Granted(
                        idToken.id(),
                        asked.issuer().url(),
                        idToken.audience(),
                        idToken.expiresAt(),
                        request.scopes(),
                        request.serviceAccount()));
    }

    private static TokenKind kind(TokenRequest request) {
        if (request.externalCredential()) {
            return TokenKind.EXTERNAL_CREDENTIAL;
        }
        if (!request.wantsAccessToken()) {
            return TokenKind.ID_TOKEN;
        }
        return request.serviceAccount().isPresent() ? TokenKind.SERVICE_ACCOUNT : TokenKind.ACCESS_TOKEN;
    }
}
