package dev.tokenservice.cryptography;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGeneratorSpi;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Arrays;

/** Makes key pairs for X25519: a private key for {@link X25519KeyAgreement}, and a public key of the JDK. */
public final class X25519KeyPairGenerator extends KeyPairGeneratorSpi {

    /** The strength in bits, RFC 7748 section 4.1. */
    private static final int BITS = 255;

    private SecureRandom random = new SecureRandom();

    @Override
    public void initialize(int bits, SecureRandom source) {
        if (bits != BITS) {
            throw new InvalidParameterException("X25519 has " + BITS + " bits, and not " + bits);
        }
        random = source;
    }

    /** Leaves other curves to the next provider. */
    @Override
    public void initialize(AlgorithmParameterSpec curve, SecureRandom source)
            throws InvalidAlgorithmParameterException {
        if (!X25519Provider.isCurve(curve)) {
            throw new InvalidAlgorithmParameterException("only X25519");
        }
        random = source;
    }

    @Override
    public KeyPair generateKeyPair() {
        byte[] scalar = new byte[X25519.SCALAR_SIZE];
        byte[] point = new byte[X25519.POINT_SIZE];
        X25519.generatePrivateKey(random, scalar);
        X25519.generatePublicKey(scalar, 0, point, 0);
        // The lowest byte comes first, RFC 7748 section 5.
        BigInteger u = new BigInteger(1, Arrays.reverse(point));
        try {
            return new KeyPair(
                    KeyFactory.getInstance(X25519Provider.ALGORITHM)
                            .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, u)),
                    new X25519PrivateKey(scalar));
        } catch (GeneralSecurityException e) {
            throw new ProviderException("every JDK has public keys for X25519", e);
        }
    }
}
