package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestKeys;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which object of the server's key handshakes sign with. */
class ServerKeyManagerTest {

    private final TestAuthority root = TestAuthority.root("Root CA");

    @ParameterizedTest
    @CsvSource({"RSA, SunRsaSign", "EC, SunEC"})
    void getPrivateKey_keyOfTheJdk_isTheNativeProvidersOwnObject(String algorithm, String jdk) throws Exception {
        NativeCryptography cryptography = new NativeCryptography();
        Optional<Provider> provider = cryptography.loaded().join();
        assumeTrue(provider.isPresent(), "this machine has no native cryptography");
        Identity server =
                algorithm.equals("RSA") ? root.leaf("server").rsa(2048).issue() : root.server();
        PrivateKey key = (PrivateKey) KeyFactory.getInstance(algorithm, jdk).translateKey(server.key());
        ServerKeyManager keys =
                ServerKeyManager.of(new ServerIdentity(key, List.of(server.certificate())), cryptography);

        String alias = keys.getServerAliases(algorithm, new Principal[0])[0];

        assertThat(keys.getCertificateChain(alias)).containsExactly(server.certificate());
        assertThat(keys.getPrivateKey(alias)).satisfies(TestKeys.isTheSameAs(key));
        assertThat(keys.getPrivateKey(alias).getClass().getPackage())
                .isEqualTo(provider.orElseThrow().getClass().getPackage());
    }
}
