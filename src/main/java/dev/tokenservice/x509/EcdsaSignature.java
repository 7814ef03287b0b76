package dev.tokenservice.x509;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;

/**
 * The value of an ECDSA signature, RFC 3279 section 2.2.3: {@code SEQUENCE { r INTEGER, s INTEGER }}, both positive.
 *
 * <p>Where (r, s) is valid, (r, n - s) is as well, n being the order of the curve. Everybody can turn one into the other, and
 * authorities make either: neither can be refused. So a certificate with such a signature has two fingerprints.
 */
record EcdsaSignature(BigInteger r, BigInteger s) {

    /** Of the curves that certificates are signed on; a value that is too large for a curve was not made on it. */
    private static final List<BigInteger> ORDERS = Stream.of(
                    "secp224r1",
                    "secp256r1",
                    "secp256k1",
                    "secp384r1",
                    "secp521r1",
                    "brainpoolP256r1",
                    "brainpoolP384r1",
                    "brainpoolP512r1")
            .map(curve -> ECNamedCurveTable.getByName(curve).getN())
            .toList();

    /** Reads a value; empty if it is not in DER, or no signature. */
    static Optional<EcdsaSignature> parse(byte[] value) {
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(value);
            if (sequence.size() != 2) {
                return Optional.empty();
            }
            EcdsaSignature signature = new EcdsaSignature(
                    ASN1Integer.getInstance(sequence.getObjectAt(0)).getValue(),
                    ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue());
            return signature.r.signum() > 0 && signature.s.signum() > 0 && Arrays.equals(signature.encoded(), value)
                    ? Optional.of(signature)
                    : Optional.empty();
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Returns the other values that are valid wherever this one is: one for each possible curve. */
    List<EcdsaSignature> twins() {
        return ORDERS.stream()
                .filter(order -> r.max(s).compareTo(order) < 0)
                .map(order -> new EcdsaSignature(r, order.subtract(s)))
                .toList();
    }

    byte[] encoded() {
        try {
            return new DERSequence(new ASN1Integer[] {new ASN1Integer(r), new ASN1Integer(s)})
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written but memory", e);
        }
    }
}
