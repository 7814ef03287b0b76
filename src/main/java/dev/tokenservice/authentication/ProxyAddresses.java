package dev.tokenservice.authentication;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** The networks from which the proxy connects. What {@code X-Forwarded-For} says does not count: anybody can write it. */
final class ProxyAddresses implements ProxyProof {

    /** Each stands for the other: which one a proxy on the same machine comes from is its resolver's affair. */
    private static final List<InetAddress> SAME_MACHINE = Stream.of("127.0.0.1", "::1")
            .map(AddressRange::parse)
            .map(AddressRange::network)
            .toList();

    private final List<AddressRange> ranges;

    ProxyAddresses(List<AddressRange> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    @Override
    public void check(RequestHeaders headers, Connection connection) {
        if (!isTrusted(connection.peer())) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, ProxyTrust.REFUSAL)
                    .withDetail("the connection came from " + connection.peer().getHostAddress()
                            + ", which is in no network of TRUSTED_PROXIES: add it, if it is the load balancer's");
        }
    }

    private boolean isTrusted(InetAddress peer) {
        List<InetAddress> addresses = SAME_MACHINE.contains(peer) ? SAME_MACHINE : List.of(peer);
        return addresses.stream().anyMatch(address -> ranges.stream().anyMatch(range -> range.contains(address)));
    }

    @Override
    public String variable() {
        return "TRUSTED_PROXIES";
    }
}
