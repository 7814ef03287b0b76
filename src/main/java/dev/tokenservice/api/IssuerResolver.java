package dev.tokenservice.api;

import dev.tokenservice.authentication.Connection;
import dev.tokenservice.oauth.HostAndPort;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The issuer of a request: the configured one, or else the authority of the request itself. Remembers nothing, and believes
 * no forwarding header.
 */
public final class IssuerResolver {

    private final Optional<Issuer> configured;

    /** Takes {@code TOKEN_ISSUER}, if it is set. */
    public IssuerResolver(Optional<String> configuredUrl) {
        this.configured = configuredUrl.map(url -> new Issuer(url, false));
    }

    /**
     * Resolves.
     *
     * @throws RefusedException {@code invalid_request} when the request does not say properly whom it asks
     */
    public Issuer resolve(HttpServletRequest request) {
        // The connection decides, and not the target or a header of the request, which the client writes.
        return configured.orElseGet(() -> fromAuthority(
                Collections.list(request.getHeaders("Host")),
                RequestContext.of(request).connection()));
    }

    /** Returns the issuer of a request with these headers {@code Host}. */
    static Issuer fromAuthority(List<String> hosts, Connection connection) {
        HostAndPort authority = (hosts.size() == 1 ? HostAndPort.parse(hosts.get(0)) : Optional.<HostAndPort>empty())
                .orElseThrow(() -> Refusal.because(
                                ReasonCode.MALFORMED_REQUEST,
                                "the header Host must be a DNS name or an IP address, with or without a port")
                        .exception());
        boolean loopback = authority.isLoopback() && connection.peer().isLoopbackAddress();
        // RFC 8414 section 2 wants https; a machine that talks to itself without TLS must be able to follow the URL.
        boolean plain = loopback && !connection.tls();
        return new Issuer(plain ? authority.httpUrl() : authority.httpsUrl(), loopback);
    }
}
