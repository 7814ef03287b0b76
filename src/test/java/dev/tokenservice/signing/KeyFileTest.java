package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signing key in every form of PEM that the TLS key may have. */
class KeyFileTest {

    private static final TestAuthority ROOT = TestAuthority.root("Root CA");
    private static final PrivateKey EC = ROOT.server().key();
    private static final PrivateKey RSA = ROOT.leaf("server").rsa(2048).issue().key();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void read_keyInPem_isTheKey(KeyForm form) throws IOException {
        PrivateKey key = form.isRsa() ? RSA : EC;
        Path file = Files.writeString(folder.resolve("1.pem"), form.pem(key));

        if (form.isEncrypted()) {
            assertThatThrownBy(() -> read(file, ""))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("is encrypted: set SIGNING_KEYS_PASSWORD or SIGNING_KEYS_PASSWORD_FILE");
            assertThatThrownBy(() -> read(file, "another")).hasMessageContaining("does not decrypt");
        }
        SigningKey read = read(file, form.isEncrypted() ? KeyForm.PASSWORD : "");
        assertThat(read.privateKey()).satisfies(TestKeys.isTheSameAs(key));
        assertThat(read.algorithm().getId()).isEqualTo(form.isRsa() ? "RS256" : "ES256");
    }

    private static SigningKey read(Path file, String password) {
        return new KeyFile(file).read(() -> KeyPassword.of(password).reader());
    }

    /** Decrypting takes longer than many signatures. */
    @Test
    void read_sameContentAgain_isTheSameObject() throws IOException {
        Path file = Files.writeString(folder.resolve("1.pem"), KeyForm.EC_PKCS8.pem(EC));
        KeyFile reader = new KeyFile(file);
        SigningKey first = reader.read(() -> KeyPassword.of("").reader());
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThat(reader.read(() -> KeyPassword.of("").reader())).isSameAs(first);
        Files.writeString(file, KeyForm.RSA_PKCS8.pem(RSA));
        assertThat(reader.read(() -> KeyPassword.of("").reader()).algorithm().getId())
                .isEqualTo("RS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swapped", "twice", "trailing", "nested"})
    void read_jsonWebKeyThatIsNotOne_isRefusedWithoutItsContent(String kind) throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        ECKey other = new ECKeyGenerator(Curve.P_256).generate();
        String json = key.toJSONString();
        String content = switch (kind) {
            case "swapped" ->
                json.replace(key.getX().toString(), other.getX().toString())
                        .replace(key.getY().toString(), other.getY().toString());
            case "twice" -> json.replaceFirst("\\{", "{\"kty\":\"EC\",");
            case "trailing" -> json + "{}";
            default -> json.replaceFirst("\\{", "{\"a\":" + "[".repeat(9) + "]".repeat(9) + ",");
        };
        Path file = Files.writeString(folder.resolve("1.jwk"), content);

        assertThatThrownBy(() -> read(file, ""))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("JSON Web Key")
                .hasMessageNotContaining(key.getD().toString());
    }

    @Test
    void read_binaryKeyOrJsonThatIsNotText_isRefused() throws IOException {
        Path der = Files.write(folder.resolve("1.der"), EC.getEncoded());
        Path latin1 =
                Files.write(folder.resolve("2.jwk"), "{\"kid\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> read(der, ""))
                .hasMessage(der
                        + " is invalid: line 1 is binary, and the file is read as PEM: convert it with "
                        + "OpenSSL");
        assertThatThrownBy(() -> read(latin1, "")).hasMessage(latin1 + " is not a well-formed JSON Web Key (RFC 7517)");
    }
}
