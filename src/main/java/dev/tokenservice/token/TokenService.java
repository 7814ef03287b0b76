package dev.tokenservice.token;

import dev.tokenservice.google.Deadline;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.oauth.TokenResponse;
import dev.tokenservice.policy.ClientPolicy;
import dev.tokenservice.policy.Decision;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.TokenMetrics;
import java.time.Duration;
import java.util.Optional;

/** From an authenticated client to its tokens: straight on, and no step that a flow can skip. */
public final class TokenService {

    private final ClientPolicy policy;
    private final IdTokenIssuer idTokens;
    private final AuditLog audit;
    private final TokenMetrics metrics;

    public TokenService(ClientPolicy policy, IdTokenIssuer idTokens, AuditLog audit, TokenMetrics metrics) {
        this.policy = policy;
        this.idTokens = idTokens;
        this.audit = audit;
        this.metrics = metrics;
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
        TokenResponse response = idTokenResponse(idToken);
        record(client, request, issuer, idToken);
        return new Grant(idToken, response);
    }

    private static TokenResponse idTokenResponse(IdToken idToken) {
        long lifetime =
                Duration.between(idToken.issuedAt(), idToken.expiresAt()).toSeconds();
        return new TokenResponse(idToken.value(), idToken.value(), TokenResponse.ID_TOKEN_TYPE, lifetime, null);
    }

    private void record(ClientPrincipal client, TokenRequest request, Issuer issuer, IdToken idToken) {
        metrics.issued(client.flow(), request.externalCredential() ? "external_credential" : "id_token");
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
}
