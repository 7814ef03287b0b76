package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.Reencoded;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What verification makes of evidence; which of it is believed under which settings is in {@link EvidenceTableTest}. */
class VerificationTest {

    private static final String ID = "spiffe://example.org/robot";

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final X509Certificate certificate = root.client(ID).certificate();
    private final Verification believing = new Verification(Optional.empty(), false);

    private static Optional<Supplier<CertificateVerifier>> trust(TestAuthority authority) {
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(authority.certificate()), List.of()), RevocationLists.NONE, Clock.systemUTC());
        return Optional.of(() -> verifier);
    }

    private static Connection tls(X509Certificate... presented) {
        return new Connection(InetAddress.getLoopbackAddress(), true, List.of(presented));
    }

    private static void assertRefused(Runnable verification, String description, String detail) {
        assertThatThrownBy(verification::run).isInstanceOfSatisfying(RefusedException.class, refused -> {
            Refusal refusal = refused.refusal();
            assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_CLIENT);
            assertThat(refusal.description()).contains(description);
            assertThat(refusal.detail().orElse("")).contains(detail);
        });
    }

    @Test
    void verify_evidenceThatIsBelieved_isAClientOfTheFlow() {
        ClientCertificate summary = ClientCertificate.ofUris(
                List.of(ID), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        VerifiedClient whole = believing.verify("a-flow", Evidence.vouchedFor(List.of(certificate)));
        VerifiedClient told = believing.verify("another", Evidence.summary(summary));

        assertThat(whole.flow()).isEqualTo("a-flow");
        assertThat(whole.authority()).isEqualTo("default");
        assertThat(whole.certificate().names().issuer().toString())
                .isEqualTo(certificate.getIssuerX500Principal().getName());
        assertThat(told.flow()).isEqualTo("another");
        assertThat(told.certificate()).isEqualTo(summary);
    }

    @Test
    void verify_intermediatesThatWereForwarded_areUsed() {
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0);
        Identity below = intermediate.client(ID);
        Verification verifying = new Verification(trust(root), true);

        verifying.verify(
                "f", Evidence.unverified(below.with(intermediate.certificate()).chain()));
        assertRefused(
                () -> verifying.verify("f", Evidence.vouchedFor(below.chain())),
                "not issued by a trusted authority",
                "no valid chain");
    }

    @Test
    void verify_bundleThatIsReplaced_countsFromThenOn() {
        List<CertificateVerifier> current = new ArrayList<>();
        current.add(trust(root).orElseThrow().get());
        Supplier<CertificateVerifier> watched = () -> current.get(current.size() - 1);
        Verification verifying = new Verification(Optional.of(watched), true);
        verifying.verify("f", Evidence.ofConnection(tls(certificate)));

        current.add(trust(TestAuthority.root("Root CA")).orElseThrow().get());

        assertRefused(
                () -> verifying.verify("f", Evidence.ofConnection(tls(certificate))),
                "not issued by a trusted authority",
                "another key");
    }

    @Test
    void verify_evidenceThatIsRefused_namesTheSetting() {
        Verification verifying = new Verification(trust(root), true);
        Evidence summary =
                Evidence.summary(Evidence.vouchedFor(List.of(certificate)).attributes());

        assertRefused(() -> verifying.verify("f", summary), "only a summary", "MTLS_VERIFY_FORWARDED=false");
        assertRefused(
                () -> believing.verify("f", Evidence.unverified(List.of(certificate))),
                "was not verified",
                "MTLS_TRUST_BUNDLE");
        assertRefused(
                () -> new Verification(trust(root), false).verify("f", Evidence.unverified(List.of(certificate))),
                "was not verified",
                "MTLS_VERIFY_FORWARDED=false");
    }

    /** Whoever verified it: the word of a proxy is not enough for these. */
    @ParameterizedTest
    @MethodSource("unfit")
    void verify_certificateThatIsNotFitForAClient_isRefusedAlsoWhereTheProxyIsBelieved(
            Function<TestAuthority, X509Certificate> issue, String description) {
        X509Certificate unfit = issue.apply(root);

        for (Verification verification :
                List.of(believing, new Verification(trust(root), false), new Verification(trust(root), true))) {
            assertRefused(() -> verification.verify("f", Evidence.vouchedFor(List.of(unfit))), description, "");
        }
        assertRefused(
                () -> new Verification(trust(root), false).verify("f", Evidence.ofConnection(tls(unfit))),
                description,
                "");
    }

    static Stream<Arguments> unfit() {
        return Stream.of(
                unfit("client authentication", root -> root.leaf("c").uri(ID).authority(0)),
                unfit(
                        "client authentication",
                        root -> root.leaf("c").uri(ID).extension(Extension.keyUsage, true, usage(KeyUsage.cRLSign))),
                unfit("too weak", root -> root.leaf("c").uri(ID).rsa(1024)));
    }

    private static Arguments unfit(String description, Function<TestAuthority, TestAuthority.Builder> content) {
        Function<TestAuthority, X509Certificate> issue =
                root -> content.apply(root).issue().certificate();
        return arguments(issue, description);
    }

    private static byte[] usage(int bits) {
        try {
            return new KeyUsage(bits).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A site's own flow parses certificates as it likes: the form is not left to it. */
    @Test
    void verify_certificateInAnotherEncoding_isRefusedAlsoWhereTheProxyIsBelieved() throws Exception {
        int tried = 0;
        for (byte[] der : Reencoded.variants(certificate).values()) {
            try {
                X509Certificate variant = Reencoded.parsed(der);
                if (!variant.equals(certificate)) {
                    tried++;
                    assertRefused(
                            () -> believing.verify("f", Evidence.vouchedFor(List.of(variant))), "malformed", "DER");
                }
            } catch (CertificateException e) {
                assertThat(e).isNotNull();
            }
        }
        assertThat(tried).isPositive();
    }

    @Test
    void evidence_withoutCertificate_isRefusedByItself() {
        assertRefused(() -> Evidence.ofConnection(tls()), "send a client certificate", "");
        assertRefused(() -> Evidence.vouchedFor(List.of()), "are invalid", "no certificate");
        assertRefused(() -> Evidence.unverified(List.of()), "are invalid", "no certificate");
    }

    @Test
    void evidence_malformedName_isRefusedAndStillTellsWhichCertificateItIs() {
        X509Certificate odd =
                root.leaf("c").uri("urn:PC 7:Vendor:Server").issue().certificate();

        for (Evidence evidence : List.of(Evidence.ofConnection(tls(odd)), Evidence.vouchedFor(List.of(odd)))) {
            assertThat(evidence.attributes().sha256()).contains(TestLoadBalancer.hash(odd));
            assertThat(evidence.attributes().names().subject().toString()).isEqualTo("CN=c");
        }
        assertRefused(() -> believing.verify("f", Evidence.ofConnection(tls(odd))), "is malformed", "urn:PC 7");
        assertRefused(() -> believing.verify("f", Evidence.vouchedFor(List.of(odd))), "are invalid", "urn:PC 7");
    }

    @Test
    void evidence_thatItsSourceRefuses_isRefusedForThatReason() {
        Evidence evidence = Evidence.vouchedFor(List.of(root.leaf("c").issue().certificate()))
                .refused(UnsoundEvidence.because("the first").build())
                .refused(UnsoundEvidence.because("the second").build());

        assertRefused(() -> believing.verify("f", evidence), "are invalid", "the first");
    }

    /** No flow outside of this package can make what only verification makes, or ask for less than all of it. */
    @Test
    void verification_isOutOfReachOfFlows() {
        for (Class<?> type : List.of(Verification.class, VerifiedClient.class, ClientCertificateAuthenticator.class)) {
            assertThat(type.getConstructors()).as(type.getName()).isEmpty();
        }
        assertThat(Modifier.isPublic(Verification.class.getModifiers())).isFalse();
        assertThat(CertificateSource.class.getDeclaredMethods())
                .allSatisfy(method -> assertThat(method.getReturnType()).isEqualTo(Evidence.class));
        assertThat(Evidence.class.isSealed()).isTrue();
    }
}
