package dev.tokenservice.identity;

import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3), or one address.
 *
 * @param bits of its addresses: 32 or 128
 */
public record IpNetwork(BigInteger first, int prefix, int bits) {

    private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f.:]{2,45})(?:/(0|[1-9][0-9]{0,2}))?");

    /** Returns the network that a text means; empty if it is none, or has bits set behind its prefix. */
    public static Optional<IpNetwork> parse(String text) {
        try {
            return Optional.of(of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a network. Takes literals only: a name needs a lookup, and its address can change.
     *
     * @throws IllegalArgumentException which says what is wrong with it
     */
    public static IpNetwork of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || !InetAddresses.isInetAddress(matcher.group(1))) {
            throw new IllegalArgumentException("must be a network such as 10.0.0.0/8 or 2001:db8::/32, or an address");
        }
        byte[] address = InetAddresses.forString(matcher.group(1)).getAddress();
        int bits = address.length * Byte.SIZE;
        // The JDK makes an IPv4 address of an IPv4-mapped one (RFC 4291 section 2.5.5.2), whose prefix counts 96 more.
        if (bits == Integer.SIZE && matcher.group(1).indexOf(':') >= 0) {
            throw new IllegalArgumentException("must be written as an IPv4 network, such as 10.0.0.0/8");
        }
        int prefix = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
        if (prefix > bits) {
            throw new IllegalArgumentException("must have a prefix of at most " + bits + " bits");
        }
        BigInteger number = new BigInteger(1, address);
        BigInteger rest = number.mod(size(prefix, bits));
        if (rest.signum() != 0) {
            throw new IllegalArgumentException("must be the first address of the network, with no bit set after /"
                    + prefix + ": did you mean " + new IpNetwork(number.subtract(rest), prefix, bits) + "?");
        }
        return new IpNetwork(number, prefix, bits);
    }

    private static BigInteger size(int prefix, int bits) {
        return BigInteger.ONE.shiftLeft(bits - prefix);
    }

    public boolean contains(byte[] address) {
        return address.length * Byte.SIZE == bits && isIn(new BigInteger(1, address));
    }

    private boolean isIn(BigInteger address) {
        return address.shiftRight(bits - prefix).equals(first.shiftRight(bits - prefix));
    }

    public boolean overlaps(IpNetwork other) {
        return bits == other.bits && (isIn(other.first) || other.isIn(first));
    }

    /** In CIDR notation. */
    @Override
    public String toString() {
        InetAddress address = bits == Integer.SIZE
                ? InetAddresses.fromIPv4BigInteger(first)
                : InetAddresses.fromIPv6BigInteger(first);
        return InetAddresses.toAddrString(address) + "/" + prefix;
    }
}
