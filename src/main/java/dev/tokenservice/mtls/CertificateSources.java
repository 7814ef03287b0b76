package dev.tokenservice.mtls;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.util.Optional;
import java.util.Set;

/**
 * Which source a request has: trust belongs to a connector and its peer. On the plain connector a proxy speaks for its
 * clients, if it proves to be the proxy; on the TLS connector clients speak for themselves, but for the proxies that are
 * known by their own certificate: those speak for others only.
 */
final class CertificateSources {

    private final Optional<CertificateSource> ofProxy;
    private final Optional<CertificateSource> ofTls;
    private final ProxyTrust trust;
    private final Set<String> proxyHeaders;

    /**
     * Takes the enabled sources, one of each kind at most: with two dialects of headers a client could choose.
     *
     * @param proxyHeaders the headers of every dialect, enabled or not
     */
    CertificateSources(
            Optional<CertificateSource> ofProxy,
            Optional<CertificateSource> ofTls,
            ProxyTrust trust,
            Set<String> proxyHeaders) {
        this.ofProxy = ofProxy;
        this.ofTls = ofTls;
        this.trust = trust;
        this.proxyHeaders = Set.copyOf(proxyHeaders);
    }

    /**
     * Chooses.
     *
     * @throws OAuthException {@code invalid_client} when nothing that is said about certificates here may be believed
     */
    CertificateSource of(IncomingRequest request) {
        if (!request.connection().tls() || trust.isProxy(request.connection())) {
            CertificateSource source =
                    ofProxy.orElseThrow(() -> refused("send the request, with a client certificate, to the TLS port"));
            trust.check(request.headers(), request.connection());
            return source;
        }
        for (String header : proxyHeaders) {
            if (request.headers().has(header)) {
                throw refused("the request carries certificate headers, which only a proxy may send")
                        .withDetail("header " + header + " came over the TLS connector: somebody tries to forge it");
            }
        }
        return ofTls.orElseThrow(() -> refused("this port takes no client certificates: call through the load balancer")
                .withDetail("AUTH_FLOWS does not name " + TlsSource.FLOW));
    }

    private static OAuthException refused(String description) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, description);
    }
}
