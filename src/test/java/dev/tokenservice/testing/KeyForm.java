package dev.tokenservice.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.io.pem.PemObject;

/** Private keys in PEM in every form that OpenSSL writes: of which key, in which form, encrypted or not. */
public enum KeyForm {
    EC_PKCS8,
    EC_PKCS8_ENCRYPTED,
    EC_SEC1,
    EC_SEC1_AFTER_ITS_PARAMETERS,
    EC_SEC1_ENCRYPTED,
    RSA_PKCS8,
    RSA_PKCS8_ENCRYPTED,
    RSA_PKCS1,
    RSA_PKCS1_ENCRYPTED;

    public static final String PASSWORD = "a password";
    private static final Provider PROVIDER = new BouncyCastleProvider();

    public boolean isRsa() {
        return name().startsWith("RSA");
    }

    public boolean isEncrypted() {
        return name().endsWith("ENCRYPTED");
    }

    /** A key, which is on P-256 unless it is an RSA key. */
    public String pem(PrivateKey key) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            if (this == EC_SEC1_AFTER_ITS_PARAMETERS) {
                writer.writeObject(parameters(X9ObjectIdentifiers.prime256v1));
            }
            if (name().contains("PKCS8")) {
                writer.writeObject(new JcaPKCS8Generator(
                        key,
                        isEncrypted()
                                ? new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                        .setProvider(PROVIDER)
                                        .setPassword(PASSWORD.toCharArray())
                                        .build()
                                : null));
            } else {
                writer.writeObject(new JcaMiscPEMGenerator(
                        key instanceof ECPrivateKey ec ? sec1(ec) : key,
                        isEncrypted()
                                ? new JcePEMEncryptorBuilder("AES-256-CBC")
                                        .setProvider(PROVIDER)
                                        .build(PASSWORD.toCharArray())
                                : null));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /** The block that names a curve. */
    public static PemObject parameters(ASN1ObjectIdentifier curve) throws IOException {
        return new PemObject("EC PARAMETERS", curve.getEncoded());
    }

    /** As OpenSSL does it: the curve is named in the key itself, too. */
    private static PrivateKeyInfo sec1(ECPrivateKey key) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1),
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), X9ObjectIdentifiers.prime256v1));
    }
}
