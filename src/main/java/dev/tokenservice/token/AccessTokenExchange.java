package dev.tokenservice.token;

import dev.tokenservice.google.AccessToken;
import dev.tokenservice.google.IamCredentialsClient;
import dev.tokenservice.google.StsClient;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.outbound.Deadline;
import java.time.Duration;
import java.util.Optional;

/** Exchanges an ID token for an access token of Google's: at STS, and on request on to a service account. */
public final class AccessTokenExchange implements TokenExchange {

    private final StsClient sts;
    private final IamCredentialsClient iamCredentials;
    private final WorkloadIdentityProvider provider;
    private final Duration impersonatedLifetime;

    /**
     * Takes the clients and where tokens are exchanged.
     *
     * @param impersonatedLifetime 1 minute to 12 hours; more than one hour only where an organisation policy allows it
     */
    public AccessTokenExchange(
            StsClient sts,
            IamCredentialsClient iamCredentials,
            WorkloadIdentityProvider provider,
            Duration impersonatedLifetime) {
        this.sts = sts;
        this.iamCredentials = iamCredentials;
        this.provider = provider;
        this.impersonatedLifetime = impersonatedLifetime;
    }

    @Override
    public AccessToken exchange(IdToken idToken, TokenRequest request, Deadline deadline) {
        Optional<String> serviceAccount = request.serviceAccount();
        // An impersonating token must be able to call IAM; the scopes of the client are those of the result.
        String scope =
                serviceAccount.isPresent() ? ProviderMetadata.CLOUD_PLATFORM : String.join(" ", request.scopes());
        AccessToken federated = sts.exchange(idToken.value(), provider.resourceName(), scope, deadline);
        return serviceAccount
                .map(email -> iamCredentials.generateAccessToken(
                        email, request.scopes(), impersonatedLifetime, federated.value(), deadline))
                .orElse(federated);
    }
}
