package dev.tokenservice.cryptography;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/** Agrees on a secret with X25519, RFC 7748 section 6.1. */
public final class X25519KeyAgreement extends KeyAgreementSpi {

    private @Nullable X25519PrivateKey own;
    private byte @Nullable [] secret;

    @Override
    protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
        if (!(key instanceof X25519PrivateKey mine)) {
            throw new InvalidKeyException("not a private key of this provider");
        }
        own = mine;
        secret = null;
    }

    @Override
    protected void engineInit(Key key, AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException("X25519 has no parameters");
        }
        engineInit(key, random);
    }

    /**
     * Takes the key of the other side.
     *
     * @throws InvalidKeyException if it is not on this curve, or the secret would be zero: TLS must refuse that (RFC 8446
     *     section 7.4.2)
     */
    @Override
    protected @Nullable Key engineDoPhase(Key key, boolean last) throws InvalidKeyException {
        if (own == null || !last) {
            throw new IllegalStateException("X25519 has one phase, after a private key");
        }
        if (!(key instanceof XECPublicKey theirs) || !X25519Provider.isCurve(theirs.getParams())) {
            throw new InvalidKeyException("not a public key for X25519");
        }
        byte[] agreed = new byte[X25519.POINT_SIZE];
        // The lowest byte comes first, RFC 7748 section 5.
        byte[] point = Arrays.reverse(BigIntegers.asUnsignedByteArray(X25519.POINT_SIZE, theirs.getU()));
        if (!X25519.calculateAgreement(own.scalar(), 0, point, 0, agreed, 0)) {
            throw new InvalidKeyException("the public key has a small order");
        }
        secret = agreed;
        return null;
    }

    /** Returns the secret, and forgets it. */
    @Override
    protected byte[] engineGenerateSecret() {
        if (secret == null) {
            throw new IllegalStateException("nothing is agreed on");
        }
        byte[] agreed = secret;
        secret = null;
        return agreed;
    }

    @Override
    protected int engineGenerateSecret(byte[] buffer, int offset) throws ShortBufferException {
        if (buffer.length - offset < X25519.POINT_SIZE) {
            throw new ShortBufferException("the secret has " + X25519.POINT_SIZE + " bytes");
        }
        System.arraycopy(engineGenerateSecret(), 0, buffer, offset, X25519.POINT_SIZE);
        return X25519.POINT_SIZE;
    }

    @Override
    protected SecretKey engineGenerateSecret(String algorithm) throws NoSuchAlgorithmException {
        return new SecretKeySpec(engineGenerateSecret(), algorithm);
    }
}
