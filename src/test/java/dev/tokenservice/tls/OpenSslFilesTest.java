package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.x509.TrustBundle;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores and keys as OpenSSL makes them, with each kind of encryption. */
class OpenSslFilesTest {

    private static final char[] PASSWORD = "x".toCharArray();
    private static final char[] NONE = {};

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final TestAuthority other = TestAuthority.root("Other CA");
    private final TestAuthority intermediate = root.intermediate("Issuing CA", 0);
    private final Identity server = intermediate.server();

    @BeforeEach
    void write() {
        Programs.require("openssl");
        TestAuthority.write(folder.resolve("bundle.pem"), root.certificate(), other.certificate());
        TestAuthority.write(folder.resolve("chain.pem"), server.certificate(), intermediate.certificate());
        TestAuthority.write(folder.resolve("server.key"), server.key());
    }

    private Path openssl(String arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Command run = Command.run(folder, Map.of(), command);
        assertThat(run.status()).as(run.complaint()).isZero();
        return folder.resolve("made");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-passout pass:x",
                "-passout pass:x -certpbe NONE",
                "-passout pass:x -certpbe AES-128-CBC -macalg sha512",
                "-passout pass:x -certpbe PBE-SHA1-3DES -macalg sha1",
                "-passout pass:x -nomac",
                "-passout pass: -certpbe NONE -nomac",
                "-passout pass: -certpbe PBE-SHA1-3DES",
            })
    void store_ofAuthorities_isReadWhole(String options) {
        Path store = openssl("pkcs12 -export -nokeys -in bundle.pem -out made " + options);
        char[] password = options.contains("pass:x") ? PASSWORD : NONE;

        assertThat(TrustBundle.read(store, password).roots())
                .containsExactlyInAnyOrder(root.certificate(), other.certificate());
        if (options.equals("-passout pass:x")) {
            for (char[] wrong : new char[][] {NONE, "wrong".toCharArray()}) {
                assertThatThrownBy(() -> TrustBundle.read(store, wrong))
                        .isInstanceOf(UnusableFileException.class)
                        .hasMessageContaining("cannot be opened");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-passout pass:x",
                "-passout pass:x -keypbe NONE -certpbe NONE",
                "-passout pass:x -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES",
                "-passout pass: -keypbe NONE -certpbe NONE -nomac",
            })
    void store_ofTheServer_isItsKeyAndChain(String options) {
        Path store = openssl("pkcs12 -export -inkey server.key -in chain.pem -out made " + options);
        List<X509Certificate> chain = ServerIdentity.read(
                        store, Optional.empty(), options.contains("pass:x") ? PASSWORD : NONE)
                .chain();

        assertThat(chain).containsExactly(server.certificate(), intermediate.certificate());
        assertThatThrownBy(() -> TrustBundle.read(store, options.contains("pass:x") ? PASSWORD : NONE))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("private key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-scrypt",
                "-scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 2",
                "-v2 aes-256-cbc -v2prf hmacWithSHA1",
                "-v2 aes-128-cbc -v2prf hmacWithSHA384",
                "-v2 des3 -v2prf hmacWithSHA512 -iter 5000",
                "-v1 PBE-SHA1-3DES",
            })
    void key_encrypted_opensWithItsPassword(String options) {
        Path key = openssl("pkcs8 -topk8 -in server.key -out made -passout pass:x " + options);
        Path chain = folder.resolve("chain.pem");

        assertThat(ServerIdentity.read(chain, Optional.of(key), PASSWORD).key()).isEqualTo(server.key());
        assertThatThrownBy(() -> ServerIdentity.read(chain, Optional.of(key), "wrong".toCharArray()))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("MTLS_PRIVATE_KEY_PASSWORD does not decrypt");
        assertThatThrownBy(() -> ServerIdentity.read(chain, Optional.of(key), NONE))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("set MTLS_PRIVATE_KEY_PASSWORD");
    }

    @Test
    void store_underAnEmptyPassword_isRefusedWithTheRemedy() {
        Path store = openssl("pkcs12 -export -nokeys -in bundle.pem -out made -passout pass:");

        assertThatThrownBy(() -> TrustBundle.read(store, NONE))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("-certpbe NONE");
    }

    @Test
    void key_thatAsksForTooMuchTime_isRefusedUntried() {
        Path key =
                openssl("pkcs8 -topk8 -in server.key -out made -passout pass:x -scrypt -scrypt_N 16384 -scrypt_p 17");

        assertThatThrownBy(() -> ServerIdentity.read(folder.resolve("chain.pem"), Optional.of(key), PASSWORD))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("more memory or time");
    }

    @Test
    void bundle_withTheTextThatOpenSslPrints_isRead() {
        Path text = openssl("x509 -in bundle.pem -text -subject -issuer -fingerprint -sha256 -out made");

        assertThat(TrustBundle.read(text, NONE).roots()).containsExactly(root.certificate());
    }
}
