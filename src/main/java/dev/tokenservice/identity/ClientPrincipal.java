package dev.tokenservice.identity;

import java.security.Principal;

/**
 * A client whose certificate was verified and is valid now.
 *
 * @param clientId what the client is called, in the token and in the log
 * @param flow the authentication flow, the value of {@code amr}
 * @param certificate everything known of its certificate
 */
public record ClientPrincipal(String clientId, String flow, ClientCertificate certificate) implements Principal {

    @Override
    public String getName() {
        return clientId;
    }
}
