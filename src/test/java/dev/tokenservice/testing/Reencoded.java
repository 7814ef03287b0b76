package dev.tokenservice.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;

/** Other encodings of a certificate, as its holder can make them without the authority's key. */
public final class Reencoded {

    private final byte[] signed;
    private final byte[] algorithm;
    private final byte[] signature;

    private Reencoded(X509Certificate certificate) {
        try {
            ASN1Sequence parts = ASN1Sequence.getInstance(certificate.getEncoded());
            this.signed = certificate.getTBSCertificate();
            this.algorithm = parts.getObjectAt(1).toASN1Primitive().getEncoded();
            this.signature = certificate.getSignature();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** DER and BER that differ from the certificate outside of the signed part only, by what was changed. */
    public static Map<String, byte[]> variants(X509Certificate certificate) {
        Reencoded parts = new Reencoded(certificate);
        byte[] bits = element(0x03, new byte[] {0}, parts.signature);
        byte[] body = concat(parts.signed, parts.algorithm, bits);
        byte[] identifier = Arrays.copyOfRange(parts.algorithm, 2, parts.algorithm.length);
        boolean hasNull = identifier[identifier.length - 2] == 5 && identifier[identifier.length - 1] == 0;
        Map<String, byte[]> variants = new LinkedHashMap<>();
        variants.put(
                "parameters of the outer algorithm",
                parts.with(
                        hasNull
                                ? element(0x30, Arrays.copyOf(identifier, identifier.length - 2))
                                : element(0x30, identifier, new byte[] {5, 0}),
                        bits));
        variants.put("empty sequence as parameters", parts.with(element(0x30, identifier, new byte[] {0x30, 0}), bits));
        for (int unused = 1; unused < 8; unused++) {
            variants.put(
                    unused + " unused bits",
                    parts.with(parts.algorithm, element(0x03, new byte[] {(byte) unused}, parts.signature)));
        }
        variants.put(
                "a zero before the signature",
                parts.with(parts.algorithm, element(0x03, new byte[] {0, 0}, parts.signature)));
        variants.put(
                "a zero behind the signature",
                parts.with(parts.algorithm, element(0x03, new byte[] {0}, parts.signature, new byte[] {0})));
        variants.put("long length", concat(new byte[] {0x30, (byte) 0x83}, length(body.length), body));
        variants.put("data at the end", element(0x30, body, new byte[] {5, 0}));
        variants.put("data behind the end", concat(element(0x30, body), new byte[] {5, 0}));
        variants.put("constructed bit string", parts.with(parts.algorithm, element(0x23, bits)));
        variants.put("indefinite length", concat(new byte[] {0x30, (byte) 0x80}, body, new byte[] {0, 0}));
        variants.put(
                "long length of the algorithm",
                parts.with(concat(new byte[] {0x30, (byte) 0x81, (byte) identifier.length}, identifier), bits));
        return variants;
    }

    /** The certificate with the other valid form of its ECDSA signature on the curve P-256. */
    public static X509Certificate twin(X509Certificate certificate) {
        Reencoded parts = new Reencoded(certificate);
        ASN1Sequence signature = ASN1Sequence.getInstance(parts.signature);
        BigInteger order = ECNamedCurveTable.getByName("secp256r1").getN();
        BigInteger s = ASN1Integer.getInstance(signature.getObjectAt(1)).getValue();
        try {
            byte[] twin = new DERSequence(
                            new ASN1Encodable[] {signature.getObjectAt(0), new ASN1Integer(order.subtract(s))})
                    .getEncoded();
            return parsed(parts.with(parts.algorithm, new DERBitString(twin).getEncoded()));
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the JDK reads it. */
    public static X509Certificate parsed(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private byte[] with(byte[] otherAlgorithm, byte[] bits) {
        return element(0x30, signed, otherAlgorithm, bits);
    }

    private static byte[] length(int length) {
        return new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length};
    }

    private static byte[] element(int tag, byte[]... parts) {
        byte[] content = concat(parts);
        int length = content.length;
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concat(head, content);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (byte[] part : parts) {
                bytes.write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
