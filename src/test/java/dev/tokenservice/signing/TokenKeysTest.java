package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.signing.pkcs11.TokenKey;
import dev.tokenservice.signing.pkcs11.TokenProvider;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestToken;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which keys of a token sign, and which are only published. */
class TokenKeysTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("Token");

    private final Map<String, TestAuthority.Identity> identities = new HashMap<>();
    private final TokenProvider provider = new TokenProvider((algorithm, label, data) -> {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(Objects.requireNonNull(identities.get(label)).key());
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    });

    private TokenKey ec(String label) {
        return key(label, AUTHORITY.leaf(label).issue());
    }

    private TokenKey rsa(String label, int bits) {
        return key(label, AUTHORITY.leaf(label).rsa(bits).issue());
    }

    private TokenKey key(String label, TestAuthority.Identity identity) {
        identities.put(label, identity);
        return new TokenKey(label, identity.certificate(), false, true);
    }

    /** The states in the order of the keys. */
    private List<String> states(Optional<String> object, TokenKey... keys) {
        return new TokenKeys(object, provider)
                .ring(List.of(keys)).at(TestRing.START, TestRing.PERIODS).keys().stream()
                        .map(status ->
                                status.key().algorithm() + " " + status.state().label())
                        .toList();
    }

    @Test
    void ring_oneKeyOfEachAlgorithm_bothSign() {
        assertThat(states(Optional.empty(), ec("a"), rsa("b", 2048))).containsExactly("ES256 active", "RS256 active");
    }

    @Test
    void ring_object_itsKeysSignAndOthersArePublished() {
        TokenKey shared = ec("2026/CN=x/1");
        TokenKey named =
                new TokenKey("2026/CN=x/" + shared.certificate().getSerialNumber(), shared.certificate(), false, true);

        assertThat(states(Optional.of("2026"), ec("2025"), named, rsa("2027", 2048)))
                .containsExactly("ES256 published", "ES256 active", "RS256 published");
    }

    @Test
    void ring_severalKeysOfAnAlgorithm_refusedUntilOneIsNamed() {
        TokenKey first = ec("a");
        TokenKey second = ec("b");

        assertThatThrownBy(() -> states(Optional.empty(), first, second))
                .hasMessageContaining("several ES256 keys")
                .hasMessageContaining("object=LABEL");
        assertThat(states(Optional.of("b"), first, second)).containsExactly("ES256 published", "ES256 active");
    }

    @Test
    void ring_noKeyThatSigns_refused() {
        TokenKey weak = rsa("weak", 1024);

        assertThatThrownBy(() -> states(Optional.empty())).hasMessageContaining("no key that can sign");
        assertThatThrownBy(() -> states(Optional.empty(), weak)).hasMessageContaining("no key that can sign");
        assertThatThrownBy(() -> states(Optional.of("x"), ec("y"))).hasMessageContaining("with the label x");
    }

    @Test
    void key_inTheToken_signsThere() throws ParseException {
        KeyRing ring = new TokenKeys(Optional.empty(), provider).ring(List.of(ec("a"), rsa("b", 2048)));
        LocalSigner signer = LocalSigner.of(
                "ES256",
                new LocalKeys(
                        () -> ring,
                        () -> UploadedParties.NONE,
                        TestRing.PERIODS,
                        new NativeCryptography(),
                        Clock.systemUTC()));

        for (String algorithm : List.of("ES256", "RS256")) {
            String token = signer.sign(Map.of("aud", "x"), algorithm, Deadline.after(Deadline.OF_A_REQUEST));
            assertThat(TestToken.of(JWKSet.parse(Map.of("keys", signer.publicKeys())), token)
                            .header()
                            .path("alg")
                            .textValue())
                    .isEqualTo(algorithm);
        }
    }

    @Test
    void weakness_bySafeguards() {
        TokenKey key = ec("a");

        assertThat(key.weakness()).isEmpty();
        assertThat(new TokenKey("a", key.certificate(), true, false).isReadable())
                .isTrue();
        assertThat(new TokenKey("a", key.certificate(), true, true).weakness())
                .hasValue("can be exported in wrapped form");
        assertThat(new TokenKey("a", key.certificate(), false, false).weakness())
                .hasValue("is not marked as sensitive");
    }
}
