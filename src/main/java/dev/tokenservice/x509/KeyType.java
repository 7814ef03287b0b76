package dev.tokenservice.x509;

import dev.tokenservice.identity.Attribute;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.Map;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Kinds of keys as people name them, such as {@code RSA-2048}, {@code EC-P-256} and {@code Ed25519}. */
final class KeyType {

    /** RFC 5480 section 2.1.1.1. */
    private static final Map<String, String> CURVES = Map.of(
            "1.2.840.10045.3.1.7", "EC-P-256",
            "1.3.132.0.34", "EC-P-384",
            "1.3.132.0.35", "EC-P-521");

    private KeyType() {}

    static Attribute<String> of(PublicKey key) {
        if (key instanceof RSAKey rsa) {
            return Attribute.of("RSA-" + rsa.getModulus().bitLength());
        }
        if (key instanceof EdECKey edwards) {
            return Attribute.of(edwards.getParams().getName());
        }
        if (key instanceof ECKey) {
            String curve = String.valueOf(SubjectPublicKeyInfo.getInstance(key.getEncoded())
                    .getAlgorithm()
                    .getParameters());
            return CURVES.containsKey(curve) ? Attribute.of(CURVES.get(curve)) : Attribute.unknown();
        }
        return Attribute.unknown();
    }
}
