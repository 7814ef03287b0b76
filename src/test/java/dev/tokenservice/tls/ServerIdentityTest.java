package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.ECPrivateKey;
import java.util.Optional;
import java.util.stream.Stream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's key in every form that OpenSSL writes. */
class ServerIdentityTest {

    private static final char[] PASSWORD = "a password".toCharArray();
    private static final char[] NONE = {};
    private static final Provider PROVIDER = new BouncyCastleProvider();

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");

    /** Of which key, in which form, encrypted or not. */
    enum Form {
        EC_PKCS8,
        EC_PKCS8_ENCRYPTED,
        EC_SEC1,
        EC_SEC1_AFTER_ITS_PARAMETERS,
        EC_SEC1_ENCRYPTED,
        RSA_PKCS8,
        RSA_PKCS8_ENCRYPTED,
        RSA_PKCS1,
        RSA_PKCS1_ENCRYPTED;

        boolean isEncrypted() {
            return name().endsWith("ENCRYPTED");
        }

        String pem(PrivateKey key) throws IOException, OperatorCreationException {
            StringWriter text = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
                if (this == EC_SEC1_AFTER_ITS_PARAMETERS) {
                    writer.writeObject(new PemObject("EC PARAMETERS", X9ObjectIdentifiers.prime256v1.getEncoded()));
                }
                if (name().contains("PKCS8")) {
                    writer.writeObject(new JcaPKCS8Generator(
                            key,
                            isEncrypted()
                                    ? new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                            .setProvider(PROVIDER)
                                            .setPassword(PASSWORD)
                                            .build()
                                    : null));
                } else {
                    writer.writeObject(new JcaMiscPEMGenerator(
                            key instanceof ECPrivateKey ec ? sec1(ec) : key,
                            isEncrypted()
                                    ? new JcePEMEncryptorBuilder("AES-256-CBC")
                                            .setProvider(PROVIDER)
                                            .build(PASSWORD)
                                    : null));
                }
            }
            return text.toString();
        }
    }

    /** As OpenSSL does it: the curve is named in the key itself, too. */
    private static PrivateKeyInfo sec1(ECPrivateKey key) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1),
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), X9ObjectIdentifiers.prime256v1));
    }

    private Identity server(Form form) {
        return form.name().startsWith("RSA") ? root.leaf("server").rsa(2048).issue() : root.server();
    }

    private ServerIdentity read(Identity server, String pem, char[] password) throws IOException {
        Path certificate = TestAuthority.write(folder.resolve("tls.crt"), server.certificate());
        return ServerIdentity.read(
                certificate, Optional.of(Files.writeString(folder.resolve("tls.key"), pem)), password);
    }

    @ParameterizedTest
    @EnumSource
    void read_keyInPem_isTheKeyOfTheCertificate(Form form) throws Exception {
        Identity server = server(form);
        String pem = form.pem(server.key());

        assertThat(read(server, pem, form.isEncrypted() ? PASSWORD : NONE).chain())
                .containsExactly(server.certificate());
        if (form.isEncrypted()) {
            for (char[] wrong : new char[][] {NONE, "another".toCharArray()}) {
                assertThatThrownBy(() -> read(server, pem, wrong))
                        .isInstanceOf(UnusableFileException.class)
                        .hasMessageContaining("tls.key")
                        .hasMessageContaining("MTLS_PRIVATE_KEY_PASSWORD")
                        .hasNoCause();
            }
        }
    }

    @Test
    void read_keyOfAnotherCertificateOrNone_isRefused() throws Exception {
        Identity server = root.server();

        for (String pem : Stream.of(
                        Form.EC_PKCS8.pem(root.server().key()), "", "nonsense", TestAuthority.pem(server.certificate()))
                .toList()) {
            assertThatThrownBy(() -> read(server, pem, NONE)).isInstanceOf(UnusableFileException.class);
        }
        assertThatThrownBy(() -> ServerIdentity.read(
                        TestAuthority.write(folder.resolve("tls.crt"), server.certificate()), Optional.empty(), NONE))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("MTLS_PRIVATE_KEY");
    }
}
