package dev.tokenservice.authentication;

/** One way to prove that a request with certificate headers came from the proxy and from nobody else. */
interface ProxyProof {

    /**
     * Checks a request.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} when the proof does not hold
     */
    void check(RequestHeaders headers, Connection connection);

    /** Returns the environment variable, or the key of the policy, that configures it. */
    String setting();
}
