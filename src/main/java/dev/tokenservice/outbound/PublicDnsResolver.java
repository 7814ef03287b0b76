package dev.tokenservice.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Finds the addresses of hosts on the public internet. The client connects to the very addresses that are judged here: a name
 * cannot lead elsewhere between the look and the connection (DNS rebinding).
 */
final class PublicDnsResolver implements DnsResolver {

    private final DnsResolver names;
    private final Predicate<InetAddress> isPublic;

    PublicDnsResolver(DnsResolver names, Predicate<InetAddress> isPublic) {
        this.names = names;
        this.isPublic = isPublic;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(host);
        for (InetAddress address : addresses) {
            if (!isPublic.test(address)) {
                throw new UnknownHostException(
                        host + " (" + address.getHostAddress() + " is not an address of the public internet)");
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
