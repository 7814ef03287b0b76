package dev.tokenservice.authentication;

import com.google.common.net.InetAddresses;
import dev.tokenservice.identity.IpNetwork;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** The networks from which the proxy connects. {@code X-Forwarded-For} is ignored, because anybody can write it. */
final class ProxyAddresses implements ProxyProof {

    /** Each stands for the other: which one a proxy on the same machine comes from is its resolver's affair. */
    private static final List<InetAddress> SAME_MACHINE =
            Stream.of("127.0.0.1", "::1").map(InetAddresses::forString).toList();

    private final List<IpNetwork> networks;

    ProxyAddresses(List<IpNetwork> networks) {
        this.networks = List.copyOf(networks);
    }

    @Override
    public void check(RequestHeaders headers, Connection connection) {
        if (!isTrusted(connection.peer())) {
            throw Refusal.because(ReasonCode.PROXY_NOT_PROVEN, ProxyTrust.REFUSAL)
                    .detail("the connection came from " + connection.peer().getHostAddress()
                            + ", which is not in TRUSTED_PROXIES: add it if it is the address of the load balancer")
                    .exception();
        }
    }

    private boolean isTrusted(InetAddress peer) {
        List<InetAddress> addresses = SAME_MACHINE.contains(peer) ? SAME_MACHINE : List.of(peer);
        return addresses.stream()
                .anyMatch(address -> networks.stream().anyMatch(network -> network.contains(address.getAddress())));
    }

    @Override
    public String setting() {
        return "TRUSTED_PROXIES";
    }
}
