package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Primitive;
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
 * Reads files with one private key in PEM, in any of the forms that OpenSSL writes: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017),
 * SEC 1 (RFC 5915), the latter with or without its parameters in a block before it; encrypted or not. Certificates may be in
 * the same file.
 */
public final class PemKeyReader {

    private static final String PARAMETERS = "EC PARAMETERS";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final Set<String> BESIDE = Set.of(PARAMETERS, "CERTIFICATE");
    private static final Set<String> LABELS =
            Set.of("PRIVATE KEY", ENCRYPTED, "RSA PRIVATE KEY", "EC PRIVATE KEY", PARAMETERS, "CERTIFICATE");

    private final Optional<String> setting;
    private final char[] password;

    private PemKeyReader(Optional<String> setting, char[] password) {
        this.setting = setting;
        this.password = password;
    }

    /**
     * Takes encrypted keys, too.
     *
     * @param setting where the password comes from, to be named where it is missing or wrong
     */
    public static PemKeyReader withPassword(String setting, char[] password) {
        return new PemKeyReader(Optional.of(setting), password.clone());
    }

    /** Takes no encrypted keys. */
    public static PemKeyReader withoutPassword() {
        return new PemKeyReader(Optional.empty(), new char[0]);
    }

    /**
     * Reads the private key in a file's content; empty if there is none.
     *
     * @throws UnusableFileException when there are several, or something else, or the password does not open it. Without a
     *     cause: a parser's message may repeat what it read
     */
    public Optional<PrivateKey> read(Path file, byte[] content) {
        List<PemBlock> blocks = PemFile.read(file, content);
        blocks.forEach(block -> block.expect(LABELS, "PRIVATE KEY"));
        List<PemBlock> keys =
                blocks.stream().filter(block -> !BESIDE.contains(block.label())).toList();
        List<PemBlock> parameters = blocks.stream()
                .filter(block -> block.label().equals(PARAMETERS))
                .toList();
        if (keys.size() > 1) {
            throw keys.get(1).refused("is a second private key: leave one in the file");
        }
        if (parameters.size() > 1) {
            throw parameters.get(1).refused("is a second '" + PARAMETERS + "': leave that of the key");
        }
        return keys.stream().findFirst().map(key -> key(key, parameters.stream().findFirst()));
    }

    private PrivateKey key(PemBlock block, Optional<PemBlock> parameters) {
        if (isEncrypted(block) && password.length == 0) {
            throw block.refused("is encrypted: "
                    + setting.map("set "::concat).orElse("decrypt it with 'openssl pkey -in FILE -out FILE.pem'"));
        }
        try (PEMParser parser = new PEMParser(new StringReader(block.text()))) {
            PrivateKeyInfo info = info(parser.readObject(), block);
            return new JcaPEMKeyConverter()
                    .getPrivateKey(parameters.isEmpty() ? info : onCurve(info, parameters.get()));
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw isEncrypted(block)
                    ? notOpened(block)
                    : block.refused("is not a well-formed private key: write it again");
        }
    }

    /** RFC 5915 section 3 lets a key leave its curve to what is around it, which must not contradict the key. */
    private static PrivateKeyInfo onCurve(PrivateKeyInfo key, PemBlock parameters) throws IOException {
        ASN1Encodable curve = key.getPrivateKeyAlgorithm().getParameters();
        ASN1Primitive around = ASN1Primitive.fromByteArray(parameters.content());
        if (curve != null && !curve.toASN1Primitive().equals(around)) {
            throw parameters.refused("names another curve than the private key: remove it");
        }
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(key.getPrivateKeyAlgorithm().getAlgorithm(), around), key.parsePrivateKey());
    }

    private PrivateKeyInfo info(Object read, PemBlock block) throws IOException {
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
            return decrypted(encrypted, block);
        }
        throw block.refused("is not a private key: write it again");
    }

    private PrivateKeyInfo decrypted(PKCS8EncryptedPrivateKeyInfo encrypted, PemBlock block) {
        AlgorithmIdentifier algorithm = encrypted.getEncryptionAlgorithm();
        if (!PasswordCost.isBearable(algorithm)) {
            throw block.refused("needs more memory or time to try a password than the service allows: write it "
                    + "again with "
                    + "'openssl pkcs8 -topk8'");
        }
        try {
            return encrypted.decryptPrivateKeyInfo(decryptor(algorithm));
        } catch (OperatorCreationException e) {
            throw unsupported(block);
        } catch (PKCSException e) {
            throw e.getCause() instanceof OperatorCreationException ? unsupported(block) : notOpened(block);
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

    private static boolean isEncrypted(PemBlock block) {
        return block.label().equals(ENCRYPTED) || !block.headers().isEmpty();
    }

    private UnusableFileException notOpened(PemBlock block) {
        return block.refused(setting.orElse("the password") + " does not decrypt: set the password of the key");
    }

    private static UnusableFileException unsupported(PemBlock block) {
        return block.refused("is encrypted in a way that is not supported: write it again with 'openssl pkcs8 -topk8'");
    }
}
