package dev.tokenservice.signing.pkcs11;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A private key in a token.
 *
 * @param label the label of its certificate; where several have the same one, with the issuer and the serial number of this one
 * @param certificate has the public key
 * @param extractable whether the key may leave the token
 * @param sensitive whether the token never shows the key in the clear
 */
public record TokenKey(String label, X509Certificate certificate, boolean extractable, boolean sensitive) {

    /** Reads the label, the certificate and the two flags. */
    static TokenKey of(Message key) throws TokenException {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(key.field(1)));
            return new TokenKey(key.text(0), certificate, key.field(2)[0] == 1, key.field(2)[1] == 1);
        } catch (CertificateException e) {
            throw TokenException.of(e);
        }
    }

    /** Whether its certificate has a label. */
    public boolean isNamed(String name) {
        return label.equals(name)
                || (label.startsWith(name + "/")
                        && label.endsWith("/" + certificate.getSerialNumber().toString()));
    }

    /** How the token lets go of the key; empty where it does not. */
    public Optional<String> weakness() {
        if (extractable) {
            return Optional.of(sensitive ? "can be exported in wrapped form" : "can be read in the clear");
        }
        return sensitive ? Optional.empty() : Optional.of("is not marked as sensitive");
    }

    /** Whether whoever has the PIN can read the key. */
    public boolean isReadable() {
        return extractable && !sensitive;
    }
}
