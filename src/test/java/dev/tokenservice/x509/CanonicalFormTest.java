package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.authentication.sources.EncodedCertificates;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.Reencoded;
import dev.tokenservice.testing.TestAuthority;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One certificate has one encoding, and but for the twin of an ECDSA signature one fingerprint. */
class CanonicalFormTest {

    private static final String ID = "spiffe://example.org/robot";
    private static final TestAuthority ECDSA = TestAuthority.root("Root CA");
    private static final TestAuthority RSA = TestAuthority.rsaRoot("RSA Root CA", 2048);
    private static final X509Certificate ECDSA_CLIENT = ECDSA.client(ID).certificate();
    private static final X509Certificate RSA_CLIENT = RSA.client(ID).certificate();

    static Stream<TestAuthority> authorities() {
        return Stream.of(ECDSA, RSA);
    }

    private static CertificateVerifier trusting(TestAuthority root) {
        return new CertificateVerifier(
                new TrustBundle(List.of(root.certificate()), List.of()), RevocationLists.NONE, Clock.systemUTC());
    }

    private static Optional<X509Certificate> parsed(byte[] der) {
        try {
            return Optional.of(Reencoded.parsed(der));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @MethodSource("authorities")
    void variant_ofAnyCertificateOfTheChain_isRefusedFromEverySource(TestAuthority root) {
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0);
        X509Certificate client = root.client(ID).certificate();

        Reencoded.variants(client).forEach((change, der) -> {
            // How long an RSA signature has to be only its authority's key tells.
            if (root != RSA || !change.endsWith("the signature")) {
                assertThatThrownBy(() -> CertificateVerifier.checkClient(EncodedCertificates.ofBase64List(base64(der))))
                        .as(change)
                        .isInstanceOfAny(MalformedCertificateException.class, RefusedException.class);
            }
            parsed(der).filter(read -> !read.equals(client)).ifPresent(read -> assertRefused(root, List.of(read)));
        });
        Reencoded.variants(intermediate.certificate()).values().stream()
                .flatMap(der -> parsed(der).stream())
                .filter(read -> !read.equals(intermediate.certificate()))
                .forEach(read ->
                        assertRefused(root, List.of(intermediate.client(ID).certificate(), read)));
    }

    private static void assertRefused(TestAuthority root, List<X509Certificate> presented) {
        assertThatThrownBy(() -> trusting(root).verify(presented)).isInstanceOf(RefusedException.class);
    }

    private static String base64(byte[] der) {
        return Base64.getEncoder().encodeToString(der);
    }

    @Test
    void variants_areReadByTheJdk_soThatTheTestCanFail() {
        Map<String, byte[]> variants = Reencoded.variants(RSA_CLIENT);

        assertThat(variants.values())
                .filteredOn(der ->
                        parsed(der).filter(read -> !read.equals(RSA_CLIENT)).isPresent())
                .hasSizeGreaterThan(1);
    }

    @Test
    void twin_ofAnEcdsaSignature_isValidAndKnownByBothFingerprints() {
        X509Certificate twin = Reencoded.twin(ECDSA_CLIENT);

        assertThatCode(() -> trusting(ECDSA).verify(List.of(twin))).doesNotThrowAnyException();
        assertThat(CertificateAttributes.of(ECDSA_CLIENT).twins()).contains(CertificateAttributes.sha256(twin));
        assertThat(CertificateAttributes.of(twin).twins()).contains(CertificateAttributes.sha256(ECDSA_CLIENT));
        assertThat(CertificateAttributes.of(RSA_CLIENT).twins()).isEmpty();
    }

    @Property(tries = 3000)
    void changedByte_anywhere_isRefused(
            @ForAll boolean rsa,
            @ForAll @IntRange(max = 4000) int place,
            @ForAll @IntRange(min = 1, max = 255) int change)
            throws GeneralSecurityException {
        X509Certificate client = rsa ? RSA_CLIENT : ECDSA_CLIENT;
        byte[] der = client.getEncoded();
        der[place % der.length] ^= (byte) change;

        Optional<X509Certificate> read = parsed(der);
        if (read.isPresent() && !Arrays.equals(read.get().getEncoded(), client.getEncoded())) {
            assertRefused(rsa ? RSA : ECDSA, List.of(read.get()));
        }
    }

    /** The JDK reads a set where the extensions should be, and Bouncy Castle casts it to what it is not. */
    @Test
    void setInAnyPlace_isRefused() throws GeneralSecurityException {
        int tried = 0;
        for (int place = 0; place < ECDSA_CLIENT.getEncoded().length; place++) {
            byte[] der = ECDSA_CLIENT.getEncoded();
            der[place] = 0x31;
            Optional<X509Certificate> read = parsed(der);
            if (read.isPresent() && !Arrays.equals(der, ECDSA_CLIENT.getEncoded())) {
                assertRefused(ECDSA, List.of(read.get()));
                tried++;
            }
        }
        assertThat(tried).isPositive();
    }

    @ParameterizedTest
    @MethodSource("values")
    void ecdsaSignature_thatIsNoDer_isNone(byte[] value) {
        assertThat(EcdsaSignature.parse(value)).isEmpty();
    }

    static Stream<byte[]> values() throws Exception {
        return Stream.of(
                new byte[] {},
                new byte[] {0x30, 6, 2, 1, 0, 2, 1, 1},
                new byte[] {0x30, 6, 2, 1, 1, 2, 1, 0},
                new byte[] {0x30, 6, 2, 1, -1, 2, 1, 1},
                new byte[] {0x30, 7, 2, 2, 0, 1, 2, 1, 1},
                new byte[] {0x30, (byte) 0x81, 6, 2, 1, 1, 2, 1, 1},
                new byte[] {0x30, 6, 2, 1, 1, 2, 1, 1, 0},
                new byte[] {0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1},
                new byte[] {0x30, (byte) 0x80, 2, 1, 1, 2, 1, 1, 0, 0},
                new DERSequence().getEncoded());
    }
}
