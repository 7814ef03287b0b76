package dev.tokenservice.signing.pkcs11;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A private key in a PKCS#11 token.
 *
 * @param label the label of its certificate; with issuer and serial number if several certificates have the same label
 * @param certificate the certificate with the public key
 * @param extractable whether the key may leave the token (CKA_EXTRACTABLE)
 * @param sensitive whether the token never shows the key in the clear (CKA_SENSITIVE)
 */
public record TokenKey(String label, X509Certificate certificate, boolean extractable, boolean sensitive) {

    /** Returns the key in a message: label, certificate and the two flags. */
    static TokenKey of(Message key) throws TokenException {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(key.field(1)));
            return new TokenKey(key.text(0), certificate, key.field(2)[0] == 1, key.field(2)[1] == 1);
        } catch (CertificateException e) {
            throw TokenException.of(e);
        }
    }

    /** Returns whether its certificate has this label. */
    public boolean isNamed(String name) {
        return label.equals(name)
                || (label.startsWith(name + "/")
                        && label.endsWith("/" + certificate.getSerialNumber().toString()));
    }

    /** Returns how the key can leave the token; empty if it cannot. */
    public Optional<String> weakness() {
        if (extractable) {
            return Optional.of(sensitive ? "can be exported in wrapped form" : "can be read in the clear");
        }
        return sensitive ? Optional.empty() : Optional.of("is not marked as sensitive");
    }

    /** Returns whether a holder of the PIN can read the key in the clear. */
    public boolean isReadable() {
        return extractable && !sensitive;
    }
}
