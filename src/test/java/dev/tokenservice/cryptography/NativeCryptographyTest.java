package dev.tokenservice.cryptography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokenservice.testing.TestKeys;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The native library, and which keys become its own. */
class NativeCryptographyTest {

    private final NativeCryptography cryptography = new NativeCryptography();

    private Provider provider() {
        Optional<Provider> provider = cryptography.loaded().join();
        assumeTrue(provider.isPresent(), "this machine has no native cryptography");
        return provider.orElseThrow();
    }

    @Test
    void loaded_askedTwice_isOneLoading() {
        assertThat(cryptography.loaded()).isSameAs(cryptography.loaded());
    }

    @Test
    void ownKey_keyOfTheJdk_isTheSameKeyAsAnotherObject() {
        PrivateKey key = TestKeys.ofJdkRsa();

        assertThat(NativeCryptography.ownKey(key, provider())).hasValueSatisfying(own -> {
            assertThat(own).isEqualTo(key).isNotSameAs(key);
            assertThat(NativeCryptography.ownKey(own, provider())).containsSame(own);
        });
    }

    @Test
    void ownKey_kindThatItDoesNotKnowOrKeyThatIsNotOne_isNone() throws Exception {
        PrivateKey unknown =
                KeyPairGenerator.getInstance("Ed448").generateKeyPair().getPrivate();
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) TestKeys.ofJdkRsa();
        PrivateKey broken = KeyFactory.getInstance("RSA", "SunRsaSign")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        rsa.getModulus().add(BigInteger.TWO),
                        rsa.getPublicExponent(),
                        rsa.getPrivateExponent(),
                        rsa.getPrimeP(),
                        rsa.getPrimeQ(),
                        rsa.getPrimeExponentP(),
                        rsa.getPrimeExponentQ(),
                        rsa.getCrtCoefficient()));

        assertThat(NativeCryptography.ownKey(unknown, provider())).isEmpty();
        assertThat(NativeCryptography.ownKey(broken, provider())).isEmpty();
    }
}
