package dev.tokenservice.authentication;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.util.Optional;
import java.util.Set;

/**
 * Which flow a request has: trust belongs to a connector and its peer. On the plain connector a proxy speaks for its
 * clients, if it proves to be the proxy; on the TLS connector clients speak for themselves, but for the proxies that are
 * known by their own certificate: those speak for others only.
 */
final class Flows {

    private final Optional<Flow> ofProxy;
    private final Optional<Flow> ofTls;
    private final ProxyTrust trust;
    private final Set<String> proxyHeaders;

    /**
     * Takes the enabled flows, one of each kind at most: with two dialects of headers a client could choose.
     *
     * @param proxyHeaders the headers of every dialect, enabled or not
     */
    Flows(Optional<Flow> ofProxy, Optional<Flow> ofTls, ProxyTrust trust, Set<String> proxyHeaders) {
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
    Flow of(IncomingRequest request) {
        if (!request.connection().tls() || trust.isProxy(request.connection())) {
            Flow flow =
                    ofProxy.orElseThrow(() -> refused("send the request, with a client certificate, to the TLS port"));
            trust.check(request.headers(), request.connection());
            return flow;
        }
        for (String header : proxyHeaders) {
            if (request.headers().has(header)) {
                throw refused("the request carries certificate headers, which only a proxy may send")
                        .withDetail("header " + header + " came over the TLS connector: somebody tries to forge it");
            }
        }
        return ofTls.orElseThrow(() -> refused("this port takes no client certificates: call through the load balancer")
                .withDetail("AUTH_FLOWS names no flow that reads the TLS connection"));
    }

    private static OAuthException refused(String description) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, description);
    }
}
