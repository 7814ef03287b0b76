package dev.tokenservice.signing;

import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.google.GoogleFactory;
import dev.tokenservice.google.IamCredentialsClient;
import dev.tokenservice.google.ServiceCredentials;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.outbound.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs tokens with the Google-managed key of a service account, through signJwt of the IAM Credentials API. No private key
 * is in this process. Thread-safe.
 */
public final class IamSigner implements TokenSigner {

    /** The only JWS algorithm of signJwt. */
    public static final String ALGORITHM = "RS256";

    private final IamCredentialsClient client;
    private final ServiceCredentials credentials;
    private final String jwksUri;

    /**
     * Signs as the service account of the credentials.
     *
     * @param jwksUri the URL at which Google publishes the public keys of the account
     */
    public IamSigner(IamCredentialsClient client, ServiceCredentials credentials, String jwksUri) {
        this.client = client;
        this.credentials = credentials;
        this.jwksUri = jwksUri;
    }

    /** Returns a signer for the service account of these credentials. {@code JWKS_URL} names the URL of its public keys. */
    public static IamSigner of(GoogleFactory settings, GoogleClients clients, ServiceCredentials credentials) {
        return new IamSigner(clients.iamCredentials(), credentials, settings.jwksUrl(credentials.email()));
    }

    @Override
    public String sign(Map<String, ?> claims, String algorithm, Deadline deadline) {
        if (!algorithm.equals(ALGORITHM)) {
            throw Refusal.because(ReasonCode.OPERATOR, "the service cannot sign with " + algorithm)
                    .detail("IAM signs " + ALGORITHM + " only")
                    .remedy("ask for " + ALGORITHM + ", or set SIGNER to local")
                    .exception();
        }
        return client.signJwt(credentials, Claims.json(claims), deadline);
    }

    @Override
    public String algorithm() {
        return ALGORITHM;
    }

    @Override
    public Optional<String> jwksUri() {
        return Optional.of(jwksUri);
    }

    @Override
    public List<Map<String, Object>> publicKeys() {
        return List.of();
    }
}
