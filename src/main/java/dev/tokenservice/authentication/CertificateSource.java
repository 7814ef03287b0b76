package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;

/** One way to learn of the client's certificate. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface CertificateSource {

    /**
     * Reads a request.
     *
     * @return what was positively verified, by the proxy or by this service
     * @throws dev.tokenservice.oauth.OAuthException {@code invalid_client} when there is no certificate, when it was not
     *     verified, or when anything that is said about it is malformed, repeated or contradictory
     */
    ClientCertificate certificate(IncomingRequest request);
}
