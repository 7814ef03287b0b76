package dev.tokenservice.x509;

import dev.tokenservice.identity.MalformedCertificateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * The only encoding of a certificate that is accepted, RFC 5280 section 4.1:
 *
 * <pre>
 * SEQUENCE { tbsCertificate as signed, signatureAlgorithm as in tbsCertificate, BIT STRING without unused bits }
 * </pre>
 *
 * Only tbsCertificate is signed. Parsers take what surrounds it in many forms, so that its holder could give a certificate as
 * many fingerprints. What the signature itself leaves open is in {@link EcdsaSignature}. The length of an RSA signature
 * depends on the key of the authority: the verification of the signature checks it.
 */
final class CanonicalForm {

    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;

    private CanonicalForm() {}

    /**
     * Checks every certificate.
     *
     * @throws MalformedCertificateException when another encoding could have been made of one without the authority's key
     */
    static void check(Collection<X509Certificate> certificates) {
        certificates.forEach(CanonicalForm::check);
    }

    /**
     * Returns the other encodings of a certificate that is in this form already: with the other valid value of its ECDSA
     * signature, for each curve that its authority's key may be on.
     */
    static List<byte[]> twins(X509Certificate certificate) {
        List<EcdsaSignature> twins = EcdsaSignature.parse(certificate.getSignature())
                .map(EcdsaSignature::twins)
                .orElse(List.of());
        if (twins.isEmpty()) {
            return List.of();
        }
        AlgorithmIdentifier algorithm = algorithm(certificate);
        return twins.stream()
                .map(twin -> encoded(certificate, algorithm, twin.encoded()))
                .toList();
    }

    private static void check(X509Certificate certificate) {
        AlgorithmIdentifier algorithm = algorithm(certificate);
        byte[] signature = certificate.getSignature();
        if (!Arrays.equals(encoded(certificate, algorithm, signature), CertificateAttributes.encoded(certificate))) {
            throw new MalformedCertificateException(
                    "the encoding is not canonical DER (RFC 5280 section 4.1): the outer "
                            + "signatureAlgorithm, a length or the signature value was changed");
        }
        SignatureKind.of(algorithm).check(signature);
    }

    private static byte[] encoded(X509Certificate certificate, AlgorithmIdentifier algorithm, byte[] signature) {
        try {
            return element(
                    SEQUENCE,
                    certificate.getTBSCertificate(),
                    algorithm.getEncoded(ASN1Encoding.DER),
                    element(BIT_STRING, new byte[] {0}, signature));
        } catch (IOException | CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has its bytes", e);
        }
    }

    /** Returns the one that is signed, as opposed to the outer one. It takes longer than all the rest of the form. */
    private static AlgorithmIdentifier algorithm(X509Certificate certificate) {
        try {
            return TBSCertificate.getInstance(certificate.getTBSCertificate()).getSignature();
        } catch (IllegalArgumentException
                | IllegalStateException
                | ClassCastException
                | CertificateEncodingException e) {
            throw new MalformedCertificateException("the signed part cannot be read as DER");
        }
    }

    /** DER of an element: the shortest length, X.690 section 10.1. */
    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length < 0x80) {
            element.write(length);
        } else {
            byte[] bytes = unsigned(length);
            element.write(0x80 | bytes.length);
            element.writeBytes(bytes);
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    private static byte[] unsigned(int number) {
        byte[] bytes = BigInteger.valueOf(number).toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }
}
