package dev.tokenservice.token;

import dev.tokenservice.google.AccessToken;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.outbound.Deadline;

/** Turns an ID token into an access token. */
public interface TokenExchange {

    /**
     * Exchanges.
     *
     * @throws dev.tokenservice.oauth.RefusedException when there is no access token, or none in time
     */
    AccessToken exchange(IdToken idToken, TokenRequest request, Deadline deadline);
}
