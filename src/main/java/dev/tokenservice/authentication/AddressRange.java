package dev.tokenservice.authentication;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3), or one address.
 *
 * @param network its first address
 * @param prefixLength how many leading bits all its addresses share
 */
record AddressRange(InetAddress network, int prefixLength) {

    private static final String BYTE = "(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";

    /** The literals only: a name would be looked up, and mean something else tomorrow. No zone, no leading zeros. */
    private static final Pattern FORM = Pattern.compile(
            "(" + BYTE + "(?:\\." + BYTE + "){3}|[0-9A-Fa-f:.]{0,45}:[0-9A-Fa-f:.]{0,45})(?:/(0|[1-9][0-9]{0,2}))?");

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException which says what is wrong with it
     */
    static AddressRange parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must be a network such as 10.0.0.0/8 or 2001:db8::/32, an address, or any alone");
        }
        InetAddress address = address(matcher.group(1));
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = matcher.group(2) == null ? bits : prefix(matcher, address);
        BigInteger rest = number(address).mod(BigInteger.ONE.shiftLeft(bits - prefix));
        BigInteger first = number(address).subtract(rest);
        // Every set of networks that holds all addresses, 0.0.0.0/0 or in pieces, has one that begins here.
        if (first.signum() == 0) {
            throw new IllegalArgumentException(
                    "must name the proxy's addresses: say any, alone, where the network keeps everyone else out");
        }
        if (rest.signum() != 0) {
            throw new IllegalArgumentException("must be the first address of the network, no bit may be set behind /"
                    + prefix + ": did you mean " + literal(first, bits) + "/" + prefix + "?");
        }
        return new AddressRange(address, prefix);
    }

    private static int prefix(Matcher matcher, InetAddress address) {
        // The JDK makes an IPv4 address of an IPv4-mapped one (RFC 4291 section 2.5.5.2), whose prefix counts 96 more.
        if (address instanceof Inet4Address && matcher.group(1).contains(":")) {
            throw new IllegalArgumentException("must be written as an IPv4 network, such as 10.0.0.0/8");
        }
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = Integer.parseInt(matcher.group(2));
        if (prefix > bits) {
            throw new IllegalArgumentException("must have a prefix of at most " + bits + " bits");
        }
        return prefix;
    }

    private static String literal(BigInteger address, int bits) {
        byte[] bytes = new byte[bits / Byte.SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = address.shiftRight(bits - Byte.SIZE * (i + 1)).byteValue();
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the address has the length of the one that was read", e);
        }
    }

    boolean contains(InetAddress address) {
        int bits = network.getAddress().length * Byte.SIZE;
        return address.getAddress().length == network.getAddress().length
                && number(address)
                                .xor(number(network))
                                .shiftRight(bits - prefixLength)
                                .signum()
                        == 0;
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("must be a well-formed address", e);
        }
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
