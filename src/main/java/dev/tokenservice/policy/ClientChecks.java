package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientCertificate;

/** What the settings say of a client whose certificate a policy accepts. */
public interface ClientChecks {

    /**
     * Checks that the certificate is valid now, and not denied.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} when it is not
     */
    void checkStatus(ClientCertificate certificate);

    /**
     * The id of a client, where the policy does not say how it is named.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} when it has none
     */
    String clientId(ClientCertificate certificate);
}
