package dev.tokenservice.authentication;

/** Extracts evidence of the client certificate from a request. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface CertificateSource {

    /**
     * Reads a request. The caller verifies the evidence; this method verifies nothing.
     *
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} when there is no certificate, when the proxy says
     *     that it is not valid, or when anything that is said about it is malformed, repeated or contradictory
     */
    Evidence evidence(IncomingRequest request);
}
