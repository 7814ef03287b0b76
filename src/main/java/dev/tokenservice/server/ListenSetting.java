package dev.tokenservice.server;

import dev.tokenservice.oauth.Quoted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is set of the address that a port listens on.
 *
 * @param path the setting's path
 * @param variable its environment variable
 * @param host an IP address, or a name; empty for all interfaces
 */
public record ListenSetting(String path, String variable, Optional<String> host) {

    /**
     * Finds the address, with which no other name lookup is needed; empty for all interfaces.
     *
     * @throws UnusableAddressException when it is none of this machine, or not one only
     */
    public Optional<InetAddress> resolve() {
        return host.map(this::resolve);
    }

    /** What is wrong with it on this machine, to be read after the setting; empty if a port can listen there. */
    public Optional<String> problem() {
        try {
            resolve();
            return Optional.empty();
        } catch (UnusableAddressException e) {
            return Optional.of(e.withoutSetting());
        }
    }

    /**
     * An address at which this machine reaches the port itself.
     *
     * @throws UnusableAddressException as {@link #resolve()}
     */
    public InetAddress reachable() {
        return resolve().filter(address -> !address.isAnyLocalAddress()).orElse(InetAddress.getLoopbackAddress());
    }

    private InetAddress resolve(String name) {
        List<InetAddress> addresses = lookUp(name);
        // localhost is both 127.0.0.1 and ::1 on most machines; the JDK's order puts the former first.
        if (addresses.size() > 1 && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            String all = addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
            throw unusable(name, "has several addresses, " + all, "set one of them");
        }
        InetAddress address = addresses.get(0);
        if (address.isMulticastAddress() || !isOfThisMachine(address)) {
            String literal = address.getHostAddress();
            throw unusable(
                    name,
                    "is not an address of this machine" + (literal.equals(name) ? "" : " (" + literal + ")"),
                    "set one that 'ip address' lists, or 0.0.0.0 for all");
        }
        return address;
    }

    private List<InetAddress> lookUp(String name) {
        try {
            return Arrays.asList(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            throw unusable(name, "cannot be resolved on this machine", "set one of its IP addresses");
        }
    }

    /** Asks the operating system, which also knows addresses that it may listen on before it has them. */
    private static boolean isOfThisMachine(InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private UnusableAddressException unusable(String name, String problem, String remedy) {
        return new UnusableAddressException(
                path + " (" + variable + ")", "found " + Quoted.of(name) + ", which " + problem, remedy);
    }
}
