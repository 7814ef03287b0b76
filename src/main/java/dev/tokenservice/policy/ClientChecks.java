package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientCertificate;

/** Checks of the settings for a client whose certificate the policy accepts. */
public interface ClientChecks {

    /**
     * Checks that the certificate is valid now, and not denied.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} if it is expired, not yet valid, or denied
     */
    void checkStatus(ClientCertificate certificate);

    /**
     * Returns the id of a client. Called if the policy does not say how clients are named.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} if the certificate lacks the attribute
     */
    String clientId(ClientCertificate certificate);
}
