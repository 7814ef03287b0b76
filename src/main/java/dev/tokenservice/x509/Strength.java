package dev.tokenservice.x509;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be forged with today's means: RSA keys below 2,048 bits, curves below 256, and signatures over a digest for which
 * collisions are known. Load balancers refuse the same. Keys that are too costly to check a signature with are refused, too.
 */
final class Strength {

    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final int MAX_RSA_EXPONENT_BITS = 64;
    private static final int MIN_CURVE_BITS = 256;
    private static final Set<String> EDWARDS_CURVES = Set.of("EdDSA", "Ed25519", "Ed448");
    private static final Set<String> BROKEN_DIGESTS = Set.of("MD2", "MD5", "SHA1");

    private Strength() {}

    /**
     * What is weak in a certificate; nothing if it is strong.
     *
     * @param root whether it is trusted for being what it is: then nothing depends on its own signature
     */
    static Optional<String> weakness(X509Certificate certificate, boolean root) {
        Optional<String> ofKey = weakness(certificate.getPublicKey());
        return ofKey.isPresent() || root || !isBroken(certificate.getSigAlgName(), certificate.getSigAlgParams())
                ? ofKey
                : Optional.of("a signature with a broken digest, " + certificate.getSigAlgName());
    }

    /** What is weak in a key; nothing if signatures may be checked with it. */
    static Optional<String> weakness(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return weakness(rsa);
        }
        if (key instanceof ECKey curve) {
            return curve.getParams().getOrder().bitLength() < MIN_CURVE_BITS
                    ? Optional.of("a key on a curve of fewer than " + MIN_CURVE_BITS + " bits")
                    : Optional.empty();
        }
        return EDWARDS_CURVES.contains(key.getAlgorithm())
                ? Optional.empty()
                : Optional.of("a key that is not RSA, ECDSA on a NIST curve, or EdDSA");
    }

    /** Returns whether a client could keep the service busy with signatures of such a key. */
    static boolean isCostly(PublicKey key) {
        return key instanceof RSAPublicKey rsa
                && (rsa.getModulus().bitLength() > MAX_RSA_BITS
                        || rsa.getPublicExponent().bitLength() > MAX_RSA_EXPONENT_BITS);
    }

    private static Optional<String> weakness(RSAPublicKey key) {
        if (key.getModulus().bitLength() < MIN_RSA_BITS) {
            return Optional.of("an RSA key of fewer than " + MIN_RSA_BITS + " bits");
        }
        return isCostly(key)
                ? Optional.of("an RSA key of more than " + MAX_RSA_BITS + " bits, or with an exponent of more than "
                        + MAX_RSA_EXPONENT_BITS)
                : Optional.empty();
    }

    /** Returns whether a signature uses a digest with known collisions. */
    static boolean isBroken(String algorithm, byte @Nullable [] parameters) {
        String digest = algorithm.equalsIgnoreCase("RSASSA-PSS")
                ? pssDigest(parameters)
                : algorithm.toUpperCase(Locale.ROOT).split("WITH", 2)[0];
        return BROKEN_DIGESTS.contains(digest.replace("-", "").toUpperCase(Locale.ROOT));
    }

    /** Its name is among the parameters; if there are none it is SHA-1 (RFC 8017 appendix A.2.3). */
    private static String pssDigest(byte @Nullable [] encoded) {
        if (encoded == null) {
            return "SHA1";
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encoded);
            return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (IOException | GeneralSecurityException e) {
            // A caller that has not verified the signature yet does not believe it, either.
            return "SHA1";
        }
    }
}
