package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token asks for an algorithm, and a key of that kind signs it. */
class SigningAlgorithmsTest {

    private static final Map<String, Object> CLAIMS = Map.of("aud", "x");
    private static final RingKey EC = TestRing.key(0, 0);

    private final Clock clock = Clock.fixed(TestRing.minute(1), ZoneOffset.UTC);
    private final Deadline deadline = Deadline.after(Deadline.OF_A_REQUEST);

    @ParameterizedTest
    @CsvSource({"RS256, ES256", "ES256, RS256"})
    void sign_algorithmAskedFor_itsActiveKeySigns(String usual, String other) throws Exception {
        LocalSigner signer = signer(usual, TestRing.ring(EC, TestRing.rsa()));

        assertSignedBy(usual, signer.sign(CLAIMS, deadline));
        assertSignedBy(usual, signer.sign(CLAIMS, usual, deadline));
        assertSignedBy(other, signer.sign(CLAIMS, other, deadline));
        assertThat(signer.algorithms()).containsExactly(usual, other);
    }

    @Test
    void sign_noKeyOfTheAlgorithm_refusedUntilThereIsOne() {
        assertThatThrownBy(() -> signer("ES256", TestRing.ring(EC)).sign(CLAIMS, "RS256", deadline))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.refusal().error()).isEqualTo(OAuthError.TEMPORARILY_UNAVAILABLE);
                    assertThat(refused.refusal().detail())
                            .hasValueSatisfying(text ->
                                    assertThat(text).contains("no RS256 key", "keys generate DIR --algorithm RS256"));
                });
    }

    /** A policy that asks for the other algorithm must not be refused before the token is open. */
    @Test
    void algorithms_ofATokenThatIsNotOpen_areAll() {
        SigningFactory settings = new SigningFactory();
        settings.pkcs11 = "pkcs11:token=keys?module-path=/lib/softhsm.so&pin-source=/run/pin";

        assertThat(settings.algorithms(false, Duration.ofMinutes(5), clock))
                .containsExactlyInAnyOrder("RS256", "ES256");
    }

    private LocalSigner signer(String usual, KeyRing ring) {
        return LocalSigner.of(
                usual,
                new LocalKeys(
                        () -> ring, () -> UploadedParties.NONE, TestRing.PERIODS, new NativeCryptography(), clock));
    }

    private static void assertSignedBy(String algorithm, String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(jwt.getHeader().getKeyID()).isEqualTo((algorithm.equals("ES256") ? EC : TestRing.rsa()).id());
    }
}
