package dev.tokenservice.signing.pkcs11;

/** Signs with keys that have labels. */
public interface TokenSignatures {

    /**
     * Signs with a key.
     *
     * @param algorithm as the JDK names it
     * @param label the label of the key
     * @throws TokenException when there is no signature to be had
     */
    byte[] sign(String algorithm, String label, byte[] data) throws TokenException;
}
