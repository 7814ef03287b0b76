package dev.tokenservice.signing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.jspecify.annotations.Nullable;

/** Writes private keys as PKCS#8 (RFC 5958) in PEM (RFC 7468). */
final class KeyPem {

    /** PBKDF2 iterations. Start-up needs a tenth of a second for each key, and so does each guess of a password. */
    private static final int ITERATIONS = 100_000;

    private KeyPem() {}

    /** Returns a key as PEM, encrypted with AES-256-CBC if a password is set. */
    static byte[] write(PrivateKey key, KeyPassword password) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key, password.isSet() ? encryptor(password) : null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static @Nullable OutputEncryptor encryptor(KeyPassword password) {
        try {
            return new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setPRF(PKCS8Generator.PRF_HMACSHA256)
                    .setIterationCount(ITERATIONS)
                    .setProvider(new BouncyCastleProvider())
                    .setPassword(password.value())
                    .build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("this JVM cannot encrypt keys", e);
        }
    }
}
