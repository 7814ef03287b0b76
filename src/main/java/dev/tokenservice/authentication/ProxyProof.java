package dev.tokenservice.authentication;

/** One way to prove that a request with certificate headers came from the proxy and from nobody else. */
interface ProxyProof {

    /**
     * Checks a request.
     *
     * @throws dev.tokenservice.oauth.OAuthException {@code invalid_client} when the proof does not hold
     */
    void check(RequestHeaders headers, Connection connection);

    /** The environment variable that configures it. */
    String variable();
}
