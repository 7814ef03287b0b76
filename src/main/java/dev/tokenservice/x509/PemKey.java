package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * A private key in PEM, in any of the forms that OpenSSL writes: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC 1 (RFC 5915), the
 * latter with or without its parameters in a block before it; encrypted or not. Its certificates may be in the same file.
 */
public final class PemKey {

    private static final Set<String> BESIDE = Set.of("EC PARAMETERS", "CERTIFICATE");
    private static final Set<String> LABELS = Set.of(
            "PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY",
            "RSA PRIVATE KEY",
            "EC PRIVATE KEY",
            "EC PARAMETERS",
            "CERTIFICATE");

    private final PemBlock block;
    private final char[] password;

    private PemKey(PemBlock block, char[] password) {
        this.block = block;
        this.password = password;
    }

    /**
     * Reads the private key in a file's content.
     *
     * @throws UnusableFileException when there is not exactly one, or the password does not open it. Without a cause: a
     *     parser's message may repeat what it read
     */
    public static PrivateKey read(Path file, byte[] content, char[] password) {
        List<PemBlock> blocks = PemFile.read(file, content);
        blocks.forEach(block -> block.expect(LABELS, "PRIVATE KEY"));
        List<PemBlock> keys =
                blocks.stream().filter(block -> !BESIDE.contains(block.label())).toList();
        if (keys.isEmpty()) {
            throw new UnusableFileException(file, "holds no private key in PEM: write it with 'openssl pkcs8 -topk8'");
        }
        if (keys.size() > 1) {
            throw keys.get(1).refused("is a second private key: leave the one of the certificate");
        }
        return new PemKey(keys.get(0), password).key();
    }

    private PrivateKey key() {
        try (PEMParser parser = new PEMParser(new StringReader(block.text()))) {
            return new JcaPEMKeyConverter().getPrivateKey(info(parser.readObject()));
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw isEncrypted() ? notOpened() : block.refused("is not a well-formed private key: write it again");
        }
    }

    private PrivateKeyInfo info(Object read) throws IOException {
        if (isEncrypted() && password.length == 0) {
            throw block.refused("is an encrypted private key: set MTLS_PRIVATE_KEY_PASSWORD");
        }
        if (read instanceof PrivateKeyInfo key) {
            return key;
        }
        if (read instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (read instanceof PEMEncryptedKeyPair pair) {
            return pair.decryptKeyPair(new BcPEMDecryptorProvider(password)).getPrivateKeyInfo();
        }
        if (read instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            return decrypted(encrypted);
        }
        throw block.refused("is not a private key: write it again");
    }

    private PrivateKeyInfo decrypted(PKCS8EncryptedPrivateKeyInfo encrypted) {
        AlgorithmIdentifier algorithm = encrypted.getEncryptionAlgorithm();
        if (!PasswordCost.isBearable(algorithm)) {
            throw block.refused("asks for more memory or time to try a password than is given: write it again with "
                    + "'openssl pkcs8 -topk8'");
        }
        try {
            return encrypted.decryptPrivateKeyInfo(decryptor(algorithm));
        } catch (OperatorCreationException e) {
            throw unsupported();
        } catch (PKCSException e) {
            throw e.getCause() instanceof OperatorCreationException ? unsupported() : notOpened();
        }
    }

    /** The JDK's own providers do not know the algorithms by the names that are in the file. */
    private InputDecryptorProvider decryptor(AlgorithmIdentifier algorithm) throws OperatorCreationException {
        BouncyCastleProvider provider = new BouncyCastleProvider();
        return PKCSObjectIdentifiers.id_PBES2.equals(algorithm.getAlgorithm())
                ? new JcePKCSPBEInputDecryptorProviderBuilder()
                        .setProvider(provider)
                        .build(password)
                : new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(provider)
                        .build(password);
    }

    private boolean isEncrypted() {
        return block.label().equals("ENCRYPTED PRIVATE KEY") || !block.headers().isEmpty();
    }

    private UnusableFileException notOpened() {
        return block.refused("MTLS_PRIVATE_KEY_PASSWORD does not open: set the key's own password");
    }

    private UnusableFileException unsupported() {
        return block.refused("is encrypted in a way that is not supported: write it again with 'openssl pkcs8 -topk8'");
    }
}
