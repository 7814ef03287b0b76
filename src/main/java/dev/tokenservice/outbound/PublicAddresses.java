package dev.tokenservice.outbound;

import dev.tokenservice.identity.IpNetwork;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses of the public internet. All others are internal, or lead to what is: loopback, private and shared networks, links,
 * the metadata servers of clouds, translated and tunnelled addresses, groups, examples (IANA, special-purpose address
 * registries).
 */
final class PublicAddresses {

    private static final List<IpNetwork> RESERVED = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20");

    /** All other addresses of version 6 are internal, or not assigned. */
    private static final IpNetwork GLOBAL_UNICAST = IpNetwork.of("2000::/3");

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        return (address instanceof Inet4Address || GLOBAL_UNICAST.contains(bytes))
                && RESERVED.stream().noneMatch(network -> network.contains(bytes));
    }

    private static List<IpNetwork> networks(String... texts) {
        return Stream.of(texts).map(IpNetwork::of).toList();
    }
}
