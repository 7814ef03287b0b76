package dev.tokenservice.x509;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;

/** IP addresses, and the networks of constraints: an address and its mask, twice as long (RFC 5280 section 4.2.1.10). */
final class NetworkSubtrees {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    /** RFC 4291 section 2.5.5.2. */
    private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private NetworkSubtrees() {}

    /** Returns those of an address; empty if it is none, or an IPv4 address in the clothes of IPv6. */
    static Optional<Subtrees> of(GeneralName name) {
        byte[] address = octets(name);
        return isAddress(address)
                ? Optional.of(
                        base -> isInNetwork(address, octets(base)) ? Subtrees.Overlap.WHOLE : Subtrees.Overlap.NONE)
                : Optional.empty();
    }

    /** Returns whether a constraint is the network of an address and a mask as in RFC 4632: ones, and then zeros. */
    static boolean isNetwork(GeneralName base) {
        byte[] network = octets(base);
        return isAddress(Arrays.copyOf(network, network.length / 2))
                && network.length % 2 == 0
                && isMask(Arrays.copyOfRange(network, network.length / 2, network.length));
    }

    private static boolean isAddress(byte[] address) {
        return address.length == IPV4_BYTES
                || (address.length == IPV6_BYTES
                        && !Arrays.equals(Arrays.copyOf(address, IPV4_MAPPED.length), IPV4_MAPPED));
    }

    private static boolean isMask(byte[] mask) {
        boolean ended = false;
        for (int bit = 0; bit < mask.length * Byte.SIZE; bit++) {
            boolean one = (mask[bit / Byte.SIZE] & (0x80 >> (bit % Byte.SIZE))) != 0;
            if (one && ended) {
                return false;
            }
            ended |= !one;
        }
        return true;
    }

    private static boolean isInNetwork(byte[] address, byte[] network) {
        if (network.length != 2 * address.length) {
            return false;
        }
        for (int i = 0; i < address.length; i++) {
            int mask = network[address.length + i];
            if ((address[i] & mask) != (network[i] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] octets(GeneralName name) {
        return ASN1OctetString.getInstance(name.getName()).getOctets();
    }
}
