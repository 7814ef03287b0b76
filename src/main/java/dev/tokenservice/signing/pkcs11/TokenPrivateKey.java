package dev.tokenservice.signing.pkcs11;

import java.security.PrivateKey;

/**
 * A placeholder for a private key that never leaves its token.
 *
 * @param label its label in the token
 * @param algorithm {@code RSA} or {@code EC}
 */
record TokenPrivateKey(String label, String algorithm) implements PrivateKey {

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    @SuppressWarnings("NullAway") // What the interface asks of a key that has no encoding.
    public String getFormat() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public byte[] getEncoded() {
        return null;
    }
}
