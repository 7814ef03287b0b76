package dev.tokenservice.x509;

import static dev.tokenservice.testing.TestAuthority.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One private key in every form, and what is not one. */
class PemKeyReaderTest {

    private static final TestAuthority ROOT = TestAuthority.root("Root CA");
    private static final Identity EC = ROOT.server();
    private static final Identity RSA = ROOT.leaf("server").rsa(2048).issue();

    private static Optional<PrivateKey> read(byte[] content) {
        return PemKeyReader.withPassword("THE_PASSWORD", KeyForm.PASSWORD.toCharArray())
                .read(Path.of("the.key"), content);
    }

    private static Optional<PrivateKey> read(String content) {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    private static PrivateKey key(KeyForm form) {
        return (form.isRsa() ? RSA : EC).key();
    }

    private static void assertRefused(String content, String reason) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("the.key")
                .hasMessageContaining(reason)
                .hasNoCause();
    }

    @ParameterizedTest
    @EnumSource
    void read_everyForm_isTheKey(KeyForm form) {
        String text = form.pem(key(form));

        assertThat(read(text)).hasValueSatisfying(TestKeys.isTheSameAs(key(form)));
        assertThat(read("Bag Attributes\n    friendlyName: server\n" + text + pem(EC.certificate())))
                .hasValueSatisfying(TestKeys.isTheSameAs(key(form)));
        assertThat(read("\uFEFF\n" + text.replace("\n", "\r\n"))).hasValueSatisfying(TestKeys.isTheSameAs(key(form)));
    }

    @ParameterizedTest
    @EnumSource
    void read_twoKeysOrMoreThanOneKeyInABlock_isRefused(KeyForm form) throws IOException {
        String text = form.pem(key(form));

        assertRefused(text + KeyForm.RSA_PKCS8.pem(RSA.key()), "is a second private key");
        if (!form.isEncrypted() && form != KeyForm.EC_SEC1_AFTER_ITS_PARAMETERS) {
            PemBlock block = PemFile.read(Path.of("x"), text.getBytes(StandardCharsets.UTF_8))
                    .get(0);
            byte[] longer = Arrays.copyOf(block.content(), block.content().length + 1);
            assertRefused(pem(new PemObject(block.label(), longer)), "is not a well-formed private key");
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_encryptedWhereItMustNotBe_isRefusedWithTheRemedy(KeyForm form) {
        byte[] content = form.pem(key(form)).getBytes(StandardCharsets.UTF_8);
        PemKeyReader reader = PemKeyReader.withoutPassword();

        if (form.isEncrypted()) {
            assertThatThrownBy(() -> reader.read(Path.of("the.key"), content))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageContaining("the.key")
                    .hasMessageContaining("is encrypted: decrypt it with 'openssl pkey")
                    .hasNoCause();
        } else {
            assertThat(reader.read(Path.of("the.key"), content)).hasValueSatisfying(TestKeys.isTheSameAs(key(form)));
        }
    }

    @Test
    void read_curveInTheBlockBefore_isTheKeysUnlessTheyDiffer() throws IOException {
        byte[] secret = new org.bouncycastle.asn1.sec.ECPrivateKey(256, ((ECPrivateKey) EC.key()).getS()).getEncoded();
        String withoutCurve = pem(new PemObject("EC PRIVATE KEY", secret));
        String p256 = pem(KeyForm.parameters(X9ObjectIdentifiers.prime256v1));
        String p384 = pem(KeyForm.parameters(SECObjectIdentifiers.secp384r1));

        assertThat(read(p256 + withoutCurve)).hasValueSatisfying(TestKeys.isTheSameAs(EC.key()));
        assertRefused(withoutCurve, "is not a well-formed private key");
        assertRefused(p384 + KeyForm.EC_SEC1.pem(EC.key()), "another curve");
        assertRefused(p384 + p256 + withoutCurve, "a second 'EC PARAMETERS'");
    }

    @Test
    void read_noKeyOrSomethingElse_isNothingOrRefused() {
        assertThat(read("")).isEmpty();
        assertThat(read("nonsense")).isEmpty();
        assertThat(read(pem(EC.certificate()))).isEmpty();
        assertRefused(pem(EC.certificate().getPublicKey()), "is 'PUBLIC KEY', and the file is for 'PRIVATE KEY'");
        assertRefused(KeyForm.EC_PKCS8.pem(EC.key()).indent(2), "line 1");
        assertThatThrownBy(() -> read(EC.key().getEncoded()))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("the.key is invalid: line 1 is binary");
    }
}
