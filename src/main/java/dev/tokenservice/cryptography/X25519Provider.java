package dev.tokenservice.cryptography;

import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;

/**
 * The key agreement X25519 (RFC 7748 section 6.1) by Bouncy Castle, which takes a third of the JDK's time: with the JDK's it is
 * a tenth of a TLS handshake, and most clients offer nothing else. The native library has no X25519. Everything else, X448 and
 * keys of other providers among it, stays with the JDK.
 */
final class X25519Provider extends Provider {

    /** What the JDK's TLS asks for: an algorithm for both curves, and the curve as a parameter. */
    static final String ALGORITHM = "XDH";

    private static final long serialVersionUID = 1;

    X25519Provider() {
        super("TokenServiceX25519", "1.0", "X25519 by Bouncy Castle");
        put("KeyPairGenerator." + ALGORITHM, X25519KeyPairGenerator.class.getName());
        put("KeyAgreement." + ALGORITHM, X25519KeyAgreement.class.getName());
        // A key of another provider goes to that one.
        put("KeyAgreement." + ALGORITHM + " SupportedKeyClasses", X25519PrivateKey.class.getName());
    }

    static boolean isCurve(AlgorithmParameterSpec parameters) {
        return parameters instanceof NamedParameterSpec named
                && NamedParameterSpec.X25519.getName().equalsIgnoreCase(named.getName());
    }
}
