package dev.tokenservice.api;

import dev.tokenservice.oauth.TokenRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a token request so far. It travels with the request, so that whatever goes wrong, and wherever, is
 * answered in the right shape and audited once.
 */
public final class RequestState {

    /** The name of the request attribute that holds it; absent where the request is not for the token endpoint. */
    public static final String ATTRIBUTE = RequestState.class.getName();

    private final boolean externalCredential;
    private @Nullable TokenRequest tokenRequest;

    /** Starts with the shape that the client expects the answer in. */
    public RequestState(boolean externalCredential) {
        this.externalCredential = externalCredential;
    }

    /** Whether answers have the executable-credential format. */
    public boolean externalCredential() {
        return externalCredential;
    }

    /** Keeps the well-formed request. */
    public void tokenRequest(TokenRequest request) {
        this.tokenRequest = request;
    }

    /** The well-formed request, once it has been read. */
    public Optional<TokenRequest> tokenRequest() {
        return Optional.ofNullable(tokenRequest);
    }
}
