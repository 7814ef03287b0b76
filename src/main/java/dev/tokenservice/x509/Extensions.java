package dev.tokenservice.x509;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

final class Extensions {

    private Extensions() {}

    /**
     * Returns the value of an extension, where a certificate has it.
     *
     * @throws IllegalArgumentException when it cannot be read
     */
    static Optional<ASN1Primitive> value(X509Certificate certificate, ASN1ObjectIdentifier kind) {
        byte[] encoded = certificate.getExtensionValue(kind.getId());
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            ASN1Primitive value = JcaX509ExtensionUtils.parseExtensionValue(encoded);
            if (value == null) {
                throw new IllegalArgumentException("the extension " + kind + " is empty");
            }
            return Optional.of(value);
        } catch (IOException | IllegalStateException e) {
            throw new IllegalArgumentException("the extension " + kind + " cannot be read", e);
        }
    }
}
