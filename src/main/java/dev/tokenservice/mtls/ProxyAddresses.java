package dev.tokenservice.mtls;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.util.List;

/** The networks from which the proxy connects. What {@code X-Forwarded-For} says does not count: anybody can write it. */
final class ProxyAddresses implements ProxyProof {

    private final List<AddressRange> ranges;

    ProxyAddresses(List<AddressRange> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    @Override
    public void check(RequestHeaders headers, Connection connection) {
        if (ranges.stream().noneMatch(range -> range.contains(connection.peer()))) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, ProxyTrust.REFUSAL)
                    .withDetail("the connection came from " + connection.peer().getHostAddress()
                            + ", which is in no network of TRUSTED_PROXIES: add it, if it is the load balancer's");
        }
    }

    @Override
    public String variable() {
        return "TRUSTED_PROXIES";
    }
}
