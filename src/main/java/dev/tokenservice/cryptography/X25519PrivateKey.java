package dev.tokenservice.cryptography;

import java.security.interfaces.XECPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A private key for one key agreement. It never leaves the process: it has no encoding, and cannot be serialized. */
final class X25519PrivateKey implements XECPrivateKey {

    private static final long serialVersionUID = 1;

    private final transient byte[] scalar;

    /** Takes the scalar as 32 bytes, RFC 7748 section 5. */
    X25519PrivateKey(byte[] scalar) {
        this.scalar = scalar.clone();
    }

    byte[] scalar() {
        return scalar.clone();
    }

    @Override
    public Optional<byte[]> getScalar() {
        return Optional.of(scalar());
    }

    @Override
    public AlgorithmParameterSpec getParams() {
        return NamedParameterSpec.X25519;
    }

    @Override
    public String getAlgorithm() {
        return X25519Provider.ALGORITHM;
    }

    @Override
    public @Nullable String getFormat() {
        return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
        return null;
    }

    private void writeObject(java.io.ObjectOutputStream stream) throws java.io.NotSerializableException {
        throw new java.io.NotSerializableException(X25519PrivateKey.class.getName());
    }
}
