package dev.tokenservice.cryptography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key agreement of TLS handshakes, against the RFC's example and against the JDK. */
class X25519ProviderTest {

    private static final HexFormat HEX = HexFormat.of();

    private final X25519Provider provider = new X25519Provider();

    private static PublicKey publicKey(BigInteger u) throws Exception {
        return KeyFactory.getInstance("XDH").generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, u));
    }

    private static BigInteger littleEndian(byte[] bytes) {
        return new BigInteger(1, Arrays.reverse(bytes));
    }

    private KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH", provider);
        generator.initialize(NamedParameterSpec.X25519);
        return generator.generateKeyPair();
    }

    private static byte[] agree(KeyAgreement agreement, PrivateKey own, PublicKey theirs) throws Exception {
        agreement.init(own);
        agreement.doPhase(theirs, true);
        return agreement.generateSecret("TlsPremasterSecret").getEncoded();
    }

    private byte[] agree(PrivateKey own, PublicKey theirs) throws Exception {
        return agree(KeyAgreement.getInstance("XDH", provider), own, theirs);
    }

    @Test
    void agreement_exampleOfRfc7748Section61_isItsSecret() throws Exception {
        PrivateKey alice =
                new X25519PrivateKey(HEX.parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        PublicKey bob = publicKey(
                littleEndian(HEX.parseHex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")));

        assertThat(HEX.formatHex(agree(alice, bob)))
                .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    }

    @RepeatedTest(50)
    void agreement_withTheJdkOnTheOtherSide_isTheSameSecret() throws Exception {
        KeyPair own = keyPair();
        KeyPair other = KeyPairGenerator.getInstance("X25519", "SunEC").generateKeyPair();

        byte[] theirs = agree(KeyAgreement.getInstance("XDH", "SunEC"), other.getPrivate(), own.getPublic());

        assertThat(agree(own.getPrivate(), other.getPublic())).isEqualTo(theirs);
    }

    /** The points of small order, RFC 7748 section 6.1: the secret would be zero, whatever the private key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "325606250916557431795983626356110631294008115727848805560023387167927233504",
                "39382357235489614581723060781553021112529911719440698176882885853963445705823",
                "57896044618658097711785492504343953926634992332820282019728792003956564819948"
            })
    void agreement_publicKeyOfSmallOrder_isRefused(String u) throws Exception {
        KeyPair own = keyPair();

        assertThatThrownBy(() -> agree(own.getPrivate(), publicKey(new BigInteger(u))))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("small order");
    }

    @Test
    void agreement_keysOfOthers_areRefused() throws Exception {
        KeyPair jdk = KeyPairGenerator.getInstance("X25519", "SunEC").generateKeyPair();
        KeyPair x448 = KeyPairGenerator.getInstance("X448", "SunEC").generateKeyPair();
        KeyPair own = keyPair();

        assertThatThrownBy(() -> agree(jdk.getPrivate(), own.getPublic())).isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> agree(own.getPrivate(), x448.getPublic())).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void generator_otherCurve_isLeftToTheNextProvider() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH", provider);

        assertThatThrownBy(() -> generator.initialize(NamedParameterSpec.X448))
                .isInstanceOf(InvalidAlgorithmParameterException.class);
    }

    @Test
    void secret_askedTwice_isGivenOnce() throws Exception {
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", provider);
        KeyPair own = keyPair();
        agreement.init(own.getPrivate());
        agreement.doPhase(own.getPublic(), true);

        assertThat(agreement.generateSecret()).hasSize(32);
        assertThatThrownBy(agreement::generateSecret).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void privateKey_leavesTheProcessInNoForm() throws Exception {
        PrivateKey own = keyPair().getPrivate();

        assertThat(own.getEncoded()).isNull();
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(own))
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void process_thatUsesItForTls_agreesOnX25519WithItAndOnX448WithTheJdk() throws Exception {
        new NativeCryptography().useEverywhere();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH");
        generator.initialize(NamedParameterSpec.X448);
        KeyPair x448 = generator.generateKeyPair();
        generator = KeyPairGenerator.getInstance("XDH");
        generator.initialize(NamedParameterSpec.X25519);

        assertThat(generator.generateKeyPair().getPrivate()).isInstanceOf(X25519PrivateKey.class);
        assertThat(agree(KeyAgreement.getInstance("XDH"), x448.getPrivate(), x448.getPublic()))
                .hasSize(56);
    }
}
