package dev.tokenservice.x509;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * One line of the list of denied certificates, which names a certificate by its fingerprint or by its serial number and issuer.
 *
 * <p>A serial number is permanent. A fingerprint is that of one encoding: a holder of the key of a certificate with an ECDSA
 * signature can turn the signature into its other valid form, and so change the fingerprint.
 *
 * @param line where it stands
 * @param sha256 as unpadded base64
 * @param issuers the names that the issuer may be meant as; none of a fingerprint
 */
public record DeniedCertificate(
        int line, Optional<String> sha256, Optional<BigInteger> serialNumber, List<DistinguishedName> issuers) {

    static DeniedCertificate ofSha256(int line, String sha256) {
        return new DeniedCertificate(line, Optional.of(sha256), Optional.empty(), List.of());
    }

    /** Returns the number that hexadecimal digits are, with or without colons. */
    static BigInteger number(String hex) {
        return new BigInteger(hex.replace(":", ""), 16);
    }
}
