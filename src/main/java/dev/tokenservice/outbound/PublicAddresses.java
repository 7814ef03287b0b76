package dev.tokenservice.outbound;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Addresses of the public internet. All others are internal, or lead to what is: loopback, private and shared networks, links,
 * the metadata servers of clouds, translated and tunnelled addresses, groups, examples (IANA, special-purpose address
 * registries).
 */
final class PublicAddresses {

    private record Network(InetAddress address, int prefix) {

        static Network of(String text) {
            int slash = text.indexOf('/');
            try {
                return new Network(
                        InetAddress.getByName(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean contains(InetAddress other) {
            byte[] own = address.getAddress();
            byte[] others = other.getAddress();
            return own.length == others.length
                    && new BigInteger(1, own)
                                    .xor(new BigInteger(1, others))
                                    .shiftRight(Byte.SIZE * own.length - prefix)
                                    .signum()
                            == 0;
        }
    }

    private static final List<Network> RESERVED = networks(
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
    private static final Network GLOBAL_UNICAST = Network.of("2000::/3");

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        return (address instanceof Inet4Address || GLOBAL_UNICAST.contains(address))
                && RESERVED.stream().noneMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... texts) {
        return List.of(texts).stream().map(Network::of).toList();
    }
}
