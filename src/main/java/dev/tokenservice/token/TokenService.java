package dev.tokenservice.token;

import dev.tokenservice.google.AccessToken;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.oauth.TokenResponse;
import dev.tokenservice.outbound.Deadline;
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
    private final Optional<AccessTokenExchange> exchange;
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
            Optional<AccessTokenExchange> exchange,
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
     * Grants, or throws.
     *
     * @throws dev.tokenservice.oauth.OAuthException with what the client is told, and why
     */
    public Grant grant(ClientPrincipal client, TokenRequest request, Issuer issuer) {
        Decision decision = policy.decide(client, request, issuer);
        Deadline deadline = Deadline.after(Deadline.OF_A_REQUEST);
        IdToken idToken = idTokens.issue(client, issuer.url(), decision.audience(), deadline);
        TokenResponse response =
                decision.accessToken() ? accessTokenResponse(idToken, request, deadline) : idTokenResponse(idToken);
        record(client, request, issuer, idToken);
        return new Grant(idToken, response);
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
            throw OAuthException.of(
                            OAuthError.TEMPORARILY_UNAVAILABLE, "Google's token ends this very moment; try again")
                    .withRetryAfter(OAuthError.TEMPORARILY_UNAVAILABLE.status(), Duration.ofSeconds(1));
        }
        return new TokenResponse(
                idToken.value(),
                accessToken.value(),
                TokenResponse.ACCESS_TOKEN_TYPE,
                lifetime,
                String.join(" ", request.scopes()));
    }

    private void record(ClientPrincipal client, TokenRequest request, Issuer issuer, IdToken idToken) {
        metrics.issued(client.flow(), kind(request));
        audit.issued(
                new AuditLog.Client(
                        Optional.of(client.flow()), Optional.of(client.certificate()), Optional.of(client.clientId())),
                new AuditLog.Granted(
                        idToken.id(),
                        issuer.url(),
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
