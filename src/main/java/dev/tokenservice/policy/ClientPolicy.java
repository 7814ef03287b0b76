package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.TokenRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Lets every verified client have the default audience and the allowed ones, and access tokens where there is a provider. */
public final class ClientPolicy {

    /** What Google maps to {@code google.subject} at most, in bytes. */
    private static final int MAX_FEDERATED_SUBJECT = 127;

    private final Optional<String> defaultAudience;
    private final Set<String> allowedAudiences;
    private final Optional<String> providerAudience;

    /**
     * Takes the settings.
     *
     * @param defaultAudience the audience where a client asks for none
     * @param allowedAudiences what clients may ask for besides
     * @param providerAudience the audience of the workload identity provider where ID tokens are exchanged
     */
    public ClientPolicy(
            Optional<String> defaultAudience, Set<String> allowedAudiences, Optional<String> providerAudience) {
        this.defaultAudience = defaultAudience;
        this.allowedAudiences = Set.copyOf(allowedAudiences);
        this.providerAudience = providerAudience;
    }

    /**
     * Decides.
     *
     * @throws OAuthException with the code that tells the client what it may not have
     */
    public Decision decide(ClientPrincipal client, TokenRequest request, Issuer issuer) {
        Optional<String> standard =
                request.wantsAccessToken() ? providerAudience : defaultAudience.or(issuer::loopbackUrl);
        Optional<String> wanted = request.audience().or(() -> standard);
        // Who the client is comes before what it may have.
        checkClientId(client, request, wanted);
        wanted.ifPresent(audience -> checkFederatedSubject(client, audience));
        String audience = standard.orElseThrow(() -> nothingToGrant(request));
        if (request.wantsAccessToken()) {
            checkExchange(request, audience);
            return new Decision(audience, true);
        }
        return new Decision(allowed(request, audience), false);
    }

    private static OAuthException nothingToGrant(TokenRequest request) {
        if (request.wantsAccessToken()) {
            return OAuthException.of(
                            OAuthError.INVALID_SCOPE, "this service issues ID tokens only: ask again without a scope")
                    .withDetail("no workload identity provider is configured, so nothing can be exchanged: set "
                            + "WORKLOAD_IDENTITY_PROJECT_NUMBER, WORKLOAD_IDENTITY_POOL_ID and "
                            + "WORKLOAD_IDENTITY_PROVIDER_ID");
        }
        return OAuthException.of(OAuthError.INVALID_TARGET, "this service has no audience to issue tokens for yet")
                .withDetail(
                        "set TOKEN_AUDIENCE, TOKEN_ISSUER or the workload identity provider: without any of them the "
                                + "issuer is what the header Host says, and only this machine gets tokens");
    }

    /** The token that goes to STS is for the provider and for nobody else. */
    private static void checkExchange(TokenRequest request, String audience) {
        request.audience().filter(requested -> !requested.equals(audience)).ifPresent(requested -> {
            throw OAuthException.of(
                    OAuthError.INVALID_TARGET,
                    "with a scope the audience is always that of the workload identity provider: leave it out");
        });
    }

    private String allowed(TokenRequest request, String standard) {
        String audience = request.audience().orElse(standard);
        if (!audience.equals(standard) && !allowedAudiences.contains(audience)) {
            throw OAuthException.of(
                            OAuthError.INVALID_TARGET,
                            "the audience " + OAuthException.quote(audience)
                                    + " is not one that this service issues tokens for")
                    .withDetail("add it to TOKEN_AUDIENCES if clients may have it");
        }
        return audience;
    }

    /** RFC 8705 section 2: the certificate says who the client is. OpenID clients send the audience they expect. */
    private static void checkClientId(ClientPrincipal client, TokenRequest request, Optional<String> audience) {
        request.clientId()
                .filter(id -> !id.equals(client.clientId())
                        && !audience.filter(id::equals).isPresent())
                .ifPresent(id -> {
                    throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "client_id " + OAuthException.quote(id)
                                    + " is not the one of the client certificate: leave it out or correct it");
                });
    }

    private static void checkFederatedSubject(ClientPrincipal client, String audience) {
        int length = client.clientId().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_FEDERATED_SUBJECT && FederatedAudience.matches(audience)) {
            throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "the client id has " + length + " bytes; workload identity federation takes "
                                    + MAX_FEDERATED_SUBJECT + " at most")
                    .withDetail(
                            "it would become google.subject: let MTLS_HEADER_CLIENT_ID name the header of a shorter "
                                    + "attribute, such as the hash, or issue certificates with shorter names");
        }
    }
}
