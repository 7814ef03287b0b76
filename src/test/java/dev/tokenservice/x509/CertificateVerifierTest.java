package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestClock;
import java.io.IOException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which chains are believed, and which clever ones are not. */
class CertificateVerifierTest {

    private static final String ID = "spiffe://example.org/robot";
    private static final byte[] MALFORMED = {0x30, 0x03, 0x01};

    private final TestClock clock = new TestClock();
    private final TestAuthority root = TestAuthority.root("Root CA");

    private CertificateVerifier trusting(TestAuthority... roots) {
        return verifier(RevocationLists.NONE, roots);
    }

    private CertificateVerifier verifier(RevocationLists lists, TestAuthority... roots) {
        List<X509Certificate> certificates =
                Arrays.stream(roots).map(TestAuthority::certificate).toList();
        return new CertificateVerifier(new TrustBundle(certificates, List.of()), lists, clock);
    }

    private static void assertBelieved(CertificateVerifier verifier, Identity identity) {
        assertThatCode(() -> verifier.verify(identity.chain())).doesNotThrowAnyException();
    }

    private static void assertRefused(CertificateVerifier verifier, Identity identity, String detail) {
        assertThatThrownBy(() -> verifier.verify(identity.chain()))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
                    assertThat(refused.refusal().detail().orElse("")).contains(detail);
                });
    }

    @Test
    void verify_chainBelowARoot_isBelieved() {
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0);

        assertBelieved(trusting(root), root.client(ID));
        assertBelieved(trusting(root), intermediate.client(ID).with(intermediate.certificate()));
    }

    @Test
    void verify_chainThatPassed_isRememberedForAMinute() {
        Identity client = root.client(ID);
        AtomicLong nanos = new AtomicLong();
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(root.certificate()), List.of()),
                new RevocationLists(List.of(root.revoke(Duration.ofHours(1)))),
                clock,
                nanos::get);
        assertBelieved(verifier, client);

        clock.ahead(Duration.ofHours(2));

        assertBelieved(verifier, client);
        nanos.set(Duration.ofSeconds(60).toNanos() - 1);
        assertBelieved(verifier, client);
        nanos.incrementAndGet();
        assertRefused(verifier, client, "revocation list");
    }

    /** The only list of the authority has expired: a chain that is still believed is one that is remembered. */
    @Test
    void verify_moreChainsThanAreRemembered_keepsAThousandAndForgetsThemAfterAMinute() {
        AtomicLong nanos = new AtomicLong();
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(root.certificate()), List.of()),
                new RevocationLists(List.of(root.revoke(Duration.ofHours(1)))),
                clock,
                nanos::get);
        List<Identity> chains = chains(root.client(ID), 1500);
        chains.forEach(chain -> assertBelieved(verifier, chain));

        clock.ahead(Duration.ofHours(2));

        assertThat(believed(verifier, chains)).isPositive();
        assertThat(believed(verifier, chains)).isBetween(1L, 1000L);
        assertRefused(verifier, root.client(ID), "is expired");
        nanos.set(Duration.ofSeconds(60).toNanos());
        assertThat(believed(verifier, chains)).isZero();
    }

    @Test
    void verify_refusedAgainAndAgain_isNeverRemembered() {
        Identity stranger = TestAuthority.root("Root CA").client(ID);
        CertificateVerifier verifier = trusting(root);

        chains(stranger, 50).forEach(chain -> assertRefused(verifier, chain, "no valid chain"));
        chains(stranger, 50).forEach(chain -> assertRefused(verifier, chain, "no valid chain"));
    }

    private static long believed(CertificateVerifier verifier, List<Identity> chains) {
        return chains.stream().filter(chain -> isBelieved(verifier, chain)).count();
    }

    private static boolean isBelieved(CertificateVerifier verifier, Identity chain) {
        try {
            verifier.verify(chain.chain());
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    /** The same client with so many selections of foreign authorities behind its certificate, each in an order of its own. */
    private static List<Identity> chains(Identity client, int count) {
        X509Certificate[] foreign = IntStream.range(0, 7)
                .mapToObj(i -> TestAuthority.root("Foreign CA " + i).certificate())
                .toArray(X509Certificate[]::new);
        List<Identity> chains = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<X509Certificate> left = new ArrayList<>(List.of(foreign));
            List<X509Certificate> order = new ArrayList<>();
            for (int rest = i; !left.isEmpty(); rest /= left.size() + 1) {
                order.add(left.remove(rest % left.size()));
            }
            chains.add(client.with(order.toArray(X509Certificate[]::new)));
        }
        return chains;
    }

    @Test
    void verify_leafInTheWrongPlaceOrForeignIntermediate_isRefused() {
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0);
        TestAuthority foreign = TestAuthority.root("Root CA").intermediate("Intermediate CA", 0);
        Identity client = intermediate.client(ID);
        Identity authorityFirst =
                new Identity(client.key(), List.of(TestAuthority.root("Evil CA").certificate(), client.certificate()));

        assertRefused(trusting(root), authorityFirst, "it is the certificate of an authority");
        assertRefused(trusting(root), client.with(foreign.certificate()), "no valid chain");
        assertRefused(
                trusting(root),
                foreign.client(ID).with(intermediate.certificate()),
                "no valid chain from CN=Intermediate CA to a root of MTLS_TRUST_BUNDLE: a certificate of that name has another key");
        assertBelieved(trusting(root), client.with(foreign.certificate(), intermediate.certificate()));
    }

    @Test
    void verify_clientsThatActAsAuthorities_areRefused() {
        Identity client = root.client(ID);
        TestAuthority impostor = root.intermediate("client", content -> content.ordinary());
        X509Certificate issuedByAClient = impostor.client(ID).certificate();

        assertRefused(
                trusting(root),
                new Identity(client.key(), List.of(issuedByAClient, impostor.certificate())),
                "certificate 2 of 3 (an intermediate, CN=client) is not the certificate of an authority");
        assertRefused(
                trusting(root),
                new Identity(client.key(), List.of(issuedByAClient, client.certificate())),
                "another key");
    }

    @Test
    void verify_rootThatBindsThoseBelow_holdsThemToIt() throws IOException {
        TestAuthority flat = TestAuthority.root("Flat CA", content -> content.authority(0));
        TestAuthority below = flat.intermediate("Below CA", -1);
        assertBelieved(trusting(flat), flat.client(ID));
        assertRefused(
                trusting(flat),
                below.client(ID).with(below.certificate()),
                "(an intermediate, CN=Below CA) exceeds the path length");

        TestAuthority servers =
                TestAuthority.root("Servers CA", content -> content.purposes(KeyPurposeId.id_kp_serverAuth));
        assertRefused(trusting(servers), servers.client(ID), "(the root, CN=Servers CA) is not meant for clients");

        Instant now = clock.instant();
        TestAuthority past =
                TestAuthority.root("Past CA", content -> content.valid(now.minusSeconds(7200), now.minusSeconds(3600)));
        assertRefused(trusting(past), past.client(ID), "(the root, CN=Past CA) expired at");

        NameConstraints names = new NameConstraints(
                new GeneralSubtree[] {
                    new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, "example.com"))
                },
                null);
        TestAuthority narrow = TestAuthority.root(
                "Narrow CA", content -> content.extension(Extension.nameConstraints, true, encoded(names)));
        assertBelieved(trusting(narrow), narrow.client("spiffe://example.com/robot"));
        assertRefused(
                trusting(narrow),
                narrow.client(ID),
                "breaks the name constraints of certificate 2 of 2 (the root, CN=Narrow CA): its URI 'spiffe://example.org/robot' is not among");
    }

    private static byte[] encoded(NameConstraints names) {
        try {
            return names.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void verify_authorityOutsideItsValidity_isRefused() {
        Instant now = clock.instant();
        TestAuthority past =
                root.intermediate("Past CA", content -> content.valid(now.minusSeconds(7200), now.minusSeconds(3600)));

        assertRefused(
                trusting(root), past.client(ID).with(past.certificate()), "(an intermediate, CN=Past CA) expired at");
    }

    @Test
    void verify_weakKeyOrSignature_isRefused() {
        TestAuthority weak = TestAuthority.rsaRoot("Weak CA", 1024);
        TestAuthority strong = TestAuthority.rsaRoot("Strong CA", 2048);

        assertRefused(trusting(weak), weak.client(ID), "RSA key");
        assertBelieved(trusting(strong), strong.client(ID));
        assertRefused(trusting(root), root.leaf("client").uri(ID).rsa(1024).issue(), "RSA key");
        assertRefused(
                trusting(root), root.leaf("client").uri(ID).signedOver("SHA1").issue(), "broken digest");
        assertRefused(
                trusting(strong),
                strong.leaf("client").uri(ID).signedOver("SHA1").issue(),
                "broken digest");
    }

    @Test
    void verify_purposes_areThoseOfTheExtensionsAndMalformedOnesAreNone() {
        CertificateVerifier verifier = trusting(root);

        assertBelieved(
                verifier,
                root.leaf("client").purposes(KeyPurposeId.anyExtendedKeyUsage).issue());
        assertBelieved(
                verifier,
                root.leaf("client")
                        .extension(Extension.keyUsage, true, usage(KeyUsage.keyAgreement))
                        .issue());
        assertRefused(
                verifier,
                root.leaf("client")
                        .extension(Extension.keyUsage, true, usage(KeyUsage.keyEncipherment))
                        .issue(),
                "excludes clients");
        assertRefused(
                verifier,
                root.leaf("client").purposes(KeyPurposeId.id_kp_codeSigning).issue(),
                "excludes clients");
        assertRefused(
                verifier,
                root.leaf("client")
                        .extension(Extension.extendedKeyUsage, false, MALFORMED)
                        .issue(),
                "excludes clients");
        assertRefused(
                verifier,
                root.leaf("client")
                        .extension(Extension.keyUsage, false, MALFORMED)
                        .issue(),
                "excludes clients");
    }

    private static byte[] usage(int bits) {
        try {
            return new KeyUsage(bits).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void verify_unknownCriticalExtension_isRefused() {
        assertRefused(
                trusting(root),
                root.leaf("client")
                        .extension(
                                new org.bouncycastle.asn1.ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"),
                                true,
                                (byte) 5,
                                (byte) 0)
                        .issue(),
                "certificate 1 of 2 (the client's, CN=client) has the critical extension 1.3.6.1.4.1.99999.1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void verify_revocation_needsACurrentListOfTheIssuer(boolean withIntermediate) {
        TestAuthority issuer = withIntermediate ? root.intermediate("Intermediate CA", 0) : root;
        Identity client = issuer.client(ID);
        Identity presented = withIntermediate ? client.with(issuer.certificate()) : client;
        X509CRL good = issuer.revoke(Duration.ofDays(1));
        X509CRL naming = issuer.revoke(Duration.ofDays(1), client.certificate());
        X509CRL late = issuer.revoke(Duration.ofSeconds(-1));
        X509CRL namesake = TestAuthority.root("Root CA").revoke(Duration.ofDays(1));

        assertBelieved(verifier(new RevocationLists(List.of(good)), root), presented);
        assertBelieved(verifier(new RevocationLists(List.of(late, good)), root), presented);
        assertRefused(verifier(new RevocationLists(List.of(good, naming)), root), presented, "names the certificate");
        assertRefused(verifier(new RevocationLists(List.of(late)), root), presented, "is expired");
        assertRefused(verifier(new RevocationLists(List.of(namesake)), root), presented, "no revocation list");
    }

    @Test
    void verify_intermediateThatIsRevoked_isRefusedWithAllBelow() {
        TestAuthority issuer = root.intermediate("Intermediate CA", 0);
        RevocationLists lists = new RevocationLists(
                List.of(issuer.revoke(Duration.ofDays(1)), root.revoke(Duration.ofDays(1), issuer.certificate())));

        assertRefused(verifier(lists, root), issuer.client(ID).with(issuer.certificate()), "names the certificate");
    }
}
