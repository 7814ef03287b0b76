package dev.tokenservice.mtls.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * A private key in PEM, in any of the forms that OpenSSL writes: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC 1 (RFC 5915), the
 * latter with or without its parameters in a block before it; encrypted or not.
 */
final class PemKey {

    private PemKey() {}

    /**
     * Finds the first private key in a file's content.
     *
     * @throws InvalidKeyException when there is none, or the password does not open it
     */
    static PrivateKey parse(byte[] content, char[] password) throws InvalidKeyException {
        try (PEMParser parser = new PEMParser(new StringReader(new String(content, StandardCharsets.UTF_8)))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                PrivateKeyInfo key = key(block, password);
                if (key != null) {
                    return new JcaPEMKeyConverter().getPrivateKey(key);
                }
            }
        } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
            throw new InvalidKeyException("the private key cannot be read", e);
        }
        throw new InvalidKeyException("there is no private key");
    }

    private static @Nullable PrivateKeyInfo key(Object block, char[] password)
            throws IOException, OperatorCreationException, PKCSException {
        if (block instanceof PrivateKeyInfo key) {
            return key;
        }
        if (block instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (block instanceof PEMEncryptedKeyPair pair) {
            return pair.decryptKeyPair(new BcPEMDecryptorProvider(password)).getPrivateKeyInfo();
        }
        if (block instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            // The JDK's own providers do not know the algorithms by the names that are in the file.
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(password));
        }
        return null;
    }
}
