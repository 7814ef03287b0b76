package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.testing.TestKeys;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which object of a key signs: with another provider's, each signature of the native provider takes several times as long. */
class LocalSignerTest {

    private static final KeyPeriods PERIODS =
            new KeyPeriods(Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofDays(7));

    private final NativeCryptography cryptography = new NativeCryptography();
    private Optional<Provider> provider = Optional.empty();

    @BeforeEach
    void load() {
        provider = cryptography.loaded().join();
        assumeTrue(provider.isPresent(), "this machine has no native cryptography");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void sign_keyThatTheJdkMade_isTheNativeProvidersOwnObject(String algorithm) throws Exception {
        SigningKey key =
                SigningKey.of(algorithm.equals("RS256") ? TestKeys.ofJdkRsa() : TestKeys.ofJdkEc(), Optional.empty());

        assertSignsNatively(LocalSigner.of(
                algorithm,
                new LocalKeys(
                        () -> KeyRing.of(key), () -> UploadedParties.NONE, PERIODS, cryptography, Clock.systemUTC())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void sign_keyMadeAtStart_isTheNativeProvidersOwnObject(String algorithm) throws Exception {
        assertSignsNatively(LocalSigner.ofNewKey(
                algorithm,
                PERIODS,
                new SignerParts(
                        new WatchedFiles(Clock.systemUTC()),
                        cryptography,
                        Clock.systemUTC(),
                        PERIODS.tokenValidity(),
                        () -> UploadedParties.NONE)));
    }

    private void assertSignsNatively(LocalSigner signer) throws Exception {
        SigningKey active = signer.active(signer.algorithm());
        assertThat(active.provider()).isEqualTo(provider);
        assertThat(active.privateKey().getClass().getPackage())
                .isEqualTo(provider.orElseThrow().getClass().getPackage());

        SignedJWT token = SignedJWT.parse(signer.sign(Map.of("aud", "x"), Deadline.after(Duration.ofSeconds(8))));
        JWK published = JWK.parse(signer.publicKeys().get(0));
        assertThat(token.getHeader().getKeyID()).isEqualTo(published.getKeyID());
        assertThat(token.verify(
                        signer.algorithm().equals("RS256")
                                ? new RSASSAVerifier(published.toRSAKey())
                                : new ECDSAVerifier(published.toECKey())))
                .isTrue();
    }
}
