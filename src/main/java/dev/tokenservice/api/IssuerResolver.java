package dev.tokenservice.api;

import dev.tokenservice.authentication.Connection;
import dev.tokenservice.oauth.Authority;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The issuer of a request: the configured one, or else the authority that this very request asked for. Nothing is
 * remembered, and no header that forwards a host is believed.
 */
public final class IssuerResolver {

    private final Optional<Issuer> configured;

    /** Takes {@code TOKEN_ISSUER}, where it is set. */
    public IssuerResolver(Optional<String> configuredUrl) {
        this.configured = configuredUrl.map(url -> new Issuer(url, false));
    }

    /**
     * Resolves.
     *
     * @throws OAuthException {@code invalid_request} when the request does not say properly whom it asks
     */
    public Issuer resolve(HttpServletRequest request) {
        return configured.orElseGet(() -> fromAuthority(request));
    }

    private static Issuer fromAuthority(HttpServletRequest request) {
        List<String> hosts = Collections.list(request.getHeaders("Host"));
        Authority authority = (hosts.size() == 1 ? Authority.parse(hosts.get(0)) : Optional.<Authority>empty())
                .orElseThrow(() -> OAuthException.of(
                        OAuthError.INVALID_REQUEST,
                        "the header Host must be a DNS name or an IP address, with or without a port"));
        // What the connection is, and not what the request line or a header says of it.
        Connection connection = connection(request);
        boolean loopback = authority.isLoopback() && connection.peer().isLoopbackAddress();
        // RFC 8414 section 2 wants https; a machine that talks to itself without TLS must be able to follow the URL.
        boolean plain = loopback && !connection.tls();
        return new Issuer(plain ? authority.httpUrl() : authority.httpsUrl(), loopback);
    }

    private static Connection connection(HttpServletRequest request) {
        if (request.getAttribute(Connection.ATTRIBUTE) instanceof Connection connection) {
            return connection;
        }
        throw new IllegalStateException("every request comes over a connection");
    }
}
