package dev.tokenservice.cryptography;

import java.math.BigInteger;

/** Numbers as RFC 7748 section 5 writes them: the lowest byte first. */
final class LittleEndian {

    private LittleEndian() {}

    static BigInteger number(byte[] bytes) {
        byte[] big = new byte[bytes.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = bytes[big.length - 1 - i];
        }
        return new BigInteger(1, big);
    }

    /** Writes a number of no more than {@code 8 * length} bits that is not negative. */
    static byte[] bytes(BigInteger number, int length) {
        byte[] big = number.toByteArray();
        byte[] bytes = new byte[length];
        for (int i = 0; i < Math.min(big.length, length); i++) {
            bytes[i] = big[big.length - 1 - i];
        }
        return bytes;
    }
}
