package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.oauth.WorkloadIdentityProvider;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Lets every verified client have the default audience and the allowed ones, and access tokens where there is a provider. */
public final class ClientPolicy {

    /** What Google maps to {@code google.subject} at most, in bytes. */
    private static final int MAX_FEDERATED_SUBJECT = 127;

    private final Optional<String> defaultAudience;
    private final Set<String> allowedAudiences;
    private final Optional<WorkloadIdentityProvider> provider;

    /**
     * Takes the settings.
     *
     * @param defaultAudience the audience where a client asks for none
     * @param allowedAudiences what clients may ask for besides
     * @param provider where ID tokens are exchanged
     */
    public ClientPolicy(
            Optional<String> defaultAudience,
            Set<String> allowedAudiences,
            Optional<WorkloadIdentityProvider> provider) {
        this.defaultAudience = defaultAudience;
        this.allowedAudiences = Set.copyOf(allowedAudiences);
        this.provider = provider;
    }

    /**
     * Decides.
     *
     * @throws OAuthException with the code that tells the client what it may not have
     */
    public Decision decide(ClientPrincipal client, TokenRequest request, Issuer issuer) {
        String audience = request.wantsAccessToken() ? exchangeAudience(request) : audience(request, issuer);
        checkClientId(client, request, audience);
        checkFederatedSubject(client, audience);
        return new Decision(audience, request.wantsAccessToken());
    }

    /** The token that goes to STS is for the provider and for nobody else. */
    private String exchangeAudience(TokenRequest request) {
        String audience = provider.map(WorkloadIdentityProvider::url)
                .orElseThrow(() -> OAuthException.of(
                                OAuthError.INVALID_SCOPE,
                                "this service issues ID tokens only: ask again without a scope")
                        .withDetail("no workload identity provider is configured, so nothing can be exchanged: set "
                                + "WORKLOAD_IDENTITY_PROJECT_NUMBER, WORKLOAD_IDENTITY_POOL_ID and "
                                + "WORKLOAD_IDENTITY_PROVIDER_ID"));
        request.audience().filter(requested -> !requested.equals(audience)).ifPresent(requested -> {
            throw OAuthException.of(
                    OAuthError.INVALID_TARGET,
                    "with a scope the audience is always that of the workload identity provider: leave it out");
        });
        return audience;
    }

    private String audience(TokenRequest request, Issuer issuer) {
        if (request.audience().isEmpty()) {
            return defaultAudience
                    .or(issuer::loopbackUrl)
                    .orElseThrow(() -> OAuthException.of(
                                    OAuthError.INVALID_TARGET,
                                    "this service has no default audience: ask for an allowed one")
                            .withDetail("set TOKEN_AUDIENCE, TOKEN_ISSUER or the workload identity provider"));
        }
        String requested = request.audience().get();
        if (!defaultAudience.or(issuer::loopbackUrl).filter(requested::equals).isPresent()
                && !allowedAudiences.contains(requested)) {
            throw OAuthException.of(
                            OAuthError.INVALID_TARGET,
                            "the audience " + OAuthException.quote(requested)
                                    + " is not one that this service issues tokens for")
                    .withDetail("add it to TOKEN_AUDIENCES if clients may have it");
        }
        return requested;
    }

    /** RFC 8705 section 2: the certificate says who the client is. OpenID clients send the audience they expect. */
    private static void checkClientId(ClientPrincipal client, TokenRequest request, String audience) {
        request.clientId()
                .filter(id -> !id.equals(client.clientId()) && !id.equals(audience))
                .ifPresent(id -> {
                    throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "client_id " + OAuthException.quote(id)
                                    + " is not the one of the client certificate: leave it out or correct it");
                });
    }

    private static void checkFederatedSubject(ClientPrincipal client, String audience) {
        int length = client.clientId().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_FEDERATED_SUBJECT && WorkloadIdentityProvider.isAudience(audience)) {
            throw OAuthException.of(
                    OAuthError.INVALID_CLIENT,
                    "the client id has " + length + " bytes; workload identity federation takes "
                            + MAX_FEDERATED_SUBJECT + " at most");
        }
    }
}
