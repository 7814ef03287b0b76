package dev.tokenservice.authentication;

import com.google.common.net.InetAddresses;
import dev.tokenservice.identity.IpNetwork;
import java.net.Inet4Address;

/** A network of {@code TRUSTED_PROXIES}: one that holds some addresses and not all. */
final class ProxyNetwork {

    private static final String EVERY_ADDRESS =
            "must be the addresses of the proxy: set any, alone, if the network keeps everyone else out";

    private ProxyNetwork() {}

    /**
     * Reads a network, or one address, which may be an IPv4-mapped one.
     *
     * @throws IllegalArgumentException which says what is wrong with it
     */
    static IpNetwork of(String text) {
        IpNetwork network;
        try {
            network =
                    IpNetwork.of(isMapped(text) ? InetAddresses.forString(text).getHostAddress() : text);
        } catch (IllegalArgumentException e) {
            throw text.endsWith("/0") ? new IllegalArgumentException(EVERY_ADDRESS, e) : e;
        }
        // Every set of networks that holds all addresses, 0.0.0.0/0 or in pieces, has one that begins here.
        if (network.first().signum() == 0) {
            throw new IllegalArgumentException(EVERY_ADDRESS);
        }
        return network;
    }

    private static boolean isMapped(String text) {
        return text.indexOf(':') >= 0
                && text.indexOf('%') < 0
                && InetAddresses.isInetAddress(text)
                && InetAddresses.forString(text) instanceof Inet4Address;
    }
}
