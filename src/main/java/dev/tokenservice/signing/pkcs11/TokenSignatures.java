package dev.tokenservice.signing.pkcs11;

/** Signs with the keys of a PKCS#11 token, which are named by their labels. */
public interface TokenSignatures {

    /**
     * Signs with a key.
     *
     * @param algorithm the JCA name of the signature algorithm, such as {@code SHA256withRSA}
     * @param label the label of the key
     * @throws TokenException if the token cannot sign now
     */
    byte[] sign(String algorithm, String label, byte[] data) throws TokenException;
}
