package dev.tokenservice.mtls.x509;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be forged with today's means: RSA keys below 2,048 bits, and signatures over a digest for which collisions are
 * known. Load balancers refuse the same; the JDK refuses what is weaker still, elliptic curves included.
 */
final class Strength {

    private static final int MIN_RSA_BITS = 2048;
    private static final Set<String> BROKEN_DIGESTS = Set.of("MD2", "MD5", "SHA1");

    private Strength() {}

    /**
     * What is weak in a certificate; nothing where it is strong.
     *
     * @param root whether it is trusted for being what it is: then nothing depends on its own signature
     */
    static Optional<String> weakness(X509Certificate certificate, boolean root) {
        if (certificate.getPublicKey() instanceof RSAKey key && key.getModulus().bitLength() < MIN_RSA_BITS) {
            return Optional.of("an RSA key of fewer than " + MIN_RSA_BITS + " bits");
        }
        return root || !isBroken(certificate.getSigAlgName(), certificate.getSigAlgParams())
                ? Optional.empty()
                : Optional.of("a signature over a broken digest, " + certificate.getSigAlgName());
    }

    /** Whether a signature is over a digest for which collisions are known. */
    static boolean isBroken(String algorithm, byte @Nullable [] parameters) {
        String digest = algorithm.equalsIgnoreCase("RSASSA-PSS")
                ? pssDigest(parameters)
                : algorithm.toUpperCase(Locale.ROOT).split("WITH", 2)[0];
        return BROKEN_DIGESTS.contains(digest.replace("-", "").toUpperCase(Locale.ROOT));
    }

    /** Its name is among the parameters; where there are none it is SHA-1 (RFC 8017 appendix A.2.3). */
    private static String pssDigest(byte @Nullable [] encoded) {
        if (encoded == null) {
            return "SHA1";
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encoded);
            return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (IOException | GeneralSecurityException e) {
            // Whoever has not verified the signature yet does not believe it, either.
            return "SHA1";
        }
    }
}
