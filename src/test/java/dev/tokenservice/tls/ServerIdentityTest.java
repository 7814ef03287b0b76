package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's key in every form that OpenSSL writes. */
class ServerIdentityTest {

    private static final char[] PASSWORD = KeyForm.PASSWORD.toCharArray();
    private static final char[] NONE = {};

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");

    private Identity server(KeyForm form) {
        return form.isRsa() ? root.leaf("server").rsa(2048).issue() : root.server();
    }

    private ServerIdentity read(Identity server, String pem, char[] password) throws IOException {
        Path certificate = TestAuthority.write(folder.resolve("tls.crt"), server.certificate());
        return ServerIdentity.read(
                certificate, Optional.of(Files.writeString(folder.resolve("tls.key"), pem)), password);
    }

    @ParameterizedTest
    @EnumSource
    void read_keyInPem_isTheKeyOfTheCertificate(KeyForm form) throws Exception {
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
                        KeyForm.EC_PKCS8.pem(root.server().key()),
                        "",
                        "nonsense",
                        TestAuthority.pem(server.certificate()))
                .toList()) {
            assertThatThrownBy(() -> read(server, pem, NONE)).isInstanceOf(UnusableFileException.class);
        }
        assertThatThrownBy(() -> ServerIdentity.read(
                        TestAuthority.write(folder.resolve("tls.crt"), server.certificate()), Optional.empty(), NONE))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("MTLS_PRIVATE_KEY");
    }
}
