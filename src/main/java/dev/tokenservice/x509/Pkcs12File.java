package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDefaultDigestProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * What is in a PKCS#12 file, RFC 7292: encrypted or not, with or without a MAC. The JDK's key store leaves out certificates
 * without an attribute of its own, and what is not encrypted.
 */
public record Pkcs12File(Path file, List<PrivateKey> keys, List<X509Certificate> certificates) {

    public static Pkcs12File read(Path file, byte[] content, char[] password) {
        return new Reader(file, password).read(content);
    }

    /** Returns the certificates of a file that holds nothing else. */
    List<X509Certificate> certificatesOnly() {
        if (!keys.isEmpty()) {
            throw new UnusableFileException(file, "holds a private key, which does not belong there: remove it");
        }
        return certificates;
    }

    private static final class Reader {

        private final Path file;
        private final char[] password;
        private final BouncyCastleProvider provider = new BouncyCastleProvider();
        private final InputDecryptorProvider decryptor;
        private final List<PrivateKey> keys = new ArrayList<>();
        private final List<X509Certificate> certificates = new ArrayList<>();

        Reader(Path file, char[] password) {
            this.file = file;
            this.password = password;
            // Programs do not agree on what an empty password is in bytes.
            this.decryptor = new JcePKCSPBEInputDecryptorProviderBuilder()
                    .setProvider(provider)
                    .setTryWrongPKCS12Zero(password.length == 0)
                    .build(password);
        }

        Pkcs12File read(byte[] content) {
            try {
                PKCS12PfxPdu store = new PKCS12PfxPdu(content);
                checkMac(store);
                for (ContentInfo info : store.getContentInfos()) {
                    for (PKCS12SafeBag bag : bags(info)) {
                        add(bag);
                    }
                }
                return new Pkcs12File(file, List.copyOf(keys), List.copyOf(certificates));
            } catch (UnusableFileException e) {
                throw e;
            } catch (IOException | CertificateException | RuntimeException e) {
                throw new UnusableFileException(file, "is neither PEM nor a well-formed PKCS#12 file", e);
            } catch (PKCSException e) {
                throw Pkcs12File.unopened(file, e);
            }
        }

        /** A MAC under the empty password protects nothing. */
        private void checkMac(PKCS12PfxPdu store) throws PKCSException {
            if (!store.hasMac() || password.length == 0) {
                return;
            }
            AlgorithmIdentifier algorithm = store.getMacAlgorithmID();
            check(
                    !PKCSObjectIdentifiers.id_PBMAC1.equals(algorithm.getAlgorithm()),
                    "has a MAC of a kind that is not supported (PBMAC1): write it again without this option");
            check(
                    PasswordCost.isBearable(store.toASN1Structure().getMacData().getIterationCount()),
                    Pkcs12File.TOO_COSTLY);
            check(
                    store.isMacValid(
                            new BcPKCS12MacCalculatorBuilderProvider(BcDefaultDigestProvider.INSTANCE), password),
                    Pkcs12File.NOT_OPENED);
        }

        private PKCS12SafeBag[] bags(ContentInfo info) throws PKCSException {
            if (PKCSObjectIdentifiers.encryptedData.equals(info.getContentType())) {
                checkCost(EncryptedData.getInstance(info.getContent()).getEncryptionAlgorithm());
                return new PKCS12SafeBagFactory(info, decryptor).getSafeBags();
            }
            check(
                    PKCSObjectIdentifiers.data.equals(info.getContentType()),
                    "is encrypted for a public key: write it again with a password");
            return new PKCS12SafeBagFactory(info).getSafeBags();
        }

        private void add(PKCS12SafeBag bag) throws PKCSException, IOException, CertificateException {
            Object value = bag.getBagValue();
            if (value instanceof X509CertificateHolder certificate) {
                certificates.add(CertificateFile.certificate(certificate.getEncoded()));
            } else if (value instanceof PrivateKeyInfo key) {
                keys.add(new JcaPEMKeyConverter().getPrivateKey(key));
            } else if (value instanceof PKCS8EncryptedPrivateKeyInfo key) {
                checkCost(key.getEncryptionAlgorithm());
                keys.add(new JcaPEMKeyConverter().getPrivateKey(key.decryptPrivateKeyInfo(decryptor)));
            } else {
                throw new UnusableFileException(
                        file, "holds something that is neither a key nor a certificate: remove it");
            }
        }

        /** The library derives no key from an empty password by RFC 8018, though other programs do. */
        private void checkCost(AlgorithmIdentifier encryption) {
            check(
                    password.length > 0 || !PKCSObjectIdentifiers.id_PBES2.equals(encryption.getAlgorithm()),
                    "cannot be opened, because MTLS_PRIVATE_KEY_PASSWORD is empty: set it, or write a file "
                            + "without a password again with 'openssl pkcs12 -export -keypbe NONE -certpbe NONE'");
            check(PasswordCost.isBearable(encryption), Pkcs12File.TOO_COSTLY);
        }

        private void check(boolean usable, String problem) {
            if (!usable) {
                throw new UnusableFileException(file, problem);
            }
        }
    }

    private static final String NOT_OPENED =
            "cannot be opened with MTLS_PRIVATE_KEY_PASSWORD: set the password of the file";
    private static final String TOO_COSTLY =
            "needs more memory or time to try a password than the service allows: write it again with OpenSSL's "
                    + "own parameters";

    private static UnusableFileException unopened(Path file, PKCSException e) {
        return e.getCause() instanceof OperatorCreationException
                ? new UnusableFileException(
                        file,
                        "is encrypted in a way that is not supported: write it again with 'openssl pkcs12 -export'")
                : new UnusableFileException(file, NOT_OPENED);
    }
}
