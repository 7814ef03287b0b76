package dev.tokenservice.identity;

import java.security.Principal;

/**
 * A client whose certificate was verified and is valid now.
 *
 * @param clientId what the client is called, in the token and in the log
 * @param flow the authentication flow, the value of {@code amr}
 * @param authority who vouches for the certificate
 * @param certificate everything known of its certificate
 */
public record ClientPrincipal(String clientId, String flow, String authority, ClientCertificate certificate)
        implements Principal {

    @Override
    public String getName() {
        return clientId;
    }
}
