package dev.tokenservice.mtls;

import dev.tokenservice.identity.ClientCertificate;

/** One way in which a proxy tells about the client certificate. Implementations are safe for use by many threads. */
public interface CertificateSource {

    /** The flow's name in {@code AUTH_FLOWS} and in the claim {@code amr}. */
    String flow();

    /**
     * Reads a request.
     *
     * @return what the proxy positively verified
     * @throws dev.tokenservice.oauth.OAuthException {@code invalid_client} when there is no certificate, when it was not
     *     verified, or when anything about what the proxy says is malformed, repeated or contradictory
     */
    ClientCertificate certificate(RequestHeaders headers);
}
