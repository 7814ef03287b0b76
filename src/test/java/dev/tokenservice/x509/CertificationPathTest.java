package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestClock;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.PolicyQualifierInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any valid path is found, always the same, and a refusal names the certificate and the check. */
class CertificationPathTest {

    private static final String ID = "spiffe://corp.example/w/7";
    private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2");

    private final TestClock clock = new TestClock();
    private final TestAuthority root = TestAuthority.root("Root");

    private CertificateVerifier trusting(X509Certificate... bundle) {
        return trusting(List.of(bundle));
    }

    private CertificateVerifier trusting(List<X509Certificate> bundle) {
        List<X509Certificate> roots = bundle.stream()
                .filter(one -> one.getSubjectX500Principal().equals(one.getIssuerX500Principal()))
                .toList();
        return new CertificateVerifier(
                new TrustBundle(
                        roots,
                        bundle.stream().filter(one -> !roots.contains(one)).toList()),
                RevocationLists.NONE,
                clock);
    }

    private static void assertBelieved(CertificateVerifier verifier, Identity identity) {
        assertThatCode(() -> verifier.verify(identity.chain())).doesNotThrowAnyException();
    }

    private static void assertRefused(CertificateVerifier verifier, Identity identity, String... details) {
        Refusal refusal = catchThrowableOfType(RefusedException.class, () -> verifier.verify(identity.chain()))
                .refusal();
        assertThat(refusal.detail().orElse("")).contains(details);
    }

    private TestAuthority.Builder expired(TestAuthority.Builder content) {
        Instant now = clock.instant();
        return content.valid(now.minusSeconds(7200), now.minusSeconds(3600));
    }

    @Test
    void find_renewedRoot_isBelievedBesideTheExpiredOneInAnyOrder() {
        X509Certificate old = root.renewed(this::expired).certificate();
        Identity client = root.client(ID);

        assertBelieved(trusting(old, root.certificate()), client);
        assertBelieved(trusting(root.certificate(), old), client);
        assertRefused(trusting(old), client, "certificate 2 of 2 (the root, CN=Root) expired at");
    }

    @Test
    void find_renewedIntermediate_isBelievedBesideTheExpiredOneSentOrConfigured() {
        TestAuthority sub = root.intermediate("Sub", 0);
        X509Certificate old = sub.crossSignedBy(root, this::expired).certificate();
        Identity client = sub.client(ID);

        assertBelieved(trusting(root.certificate()), client.with(old, sub.certificate()));
        assertBelieved(trusting(root.certificate(), sub.certificate()), client.with(old));
        assertBelieved(trusting(root.certificate(), old), client.with(sub.certificate()));
    }

    @Test
    void find_crossSignedRoots_areBelievedByEither() {
        TestAuthority other = TestAuthority.root("Other");
        X509Certificate crossed = root.crossSignedBy(other).certificate();
        X509Certificate back = other.crossSignedBy(root).certificate();
        TestAuthority sub = root.intermediate("Sub", 0);
        Identity client = sub.client(ID).with(sub.certificate(), back, crossed);

        assertBelieved(trusting(other.certificate()), client);
        assertBelieved(trusting(root.certificate()), client);
        assertRefused(trusting(TestAuthority.root("Third").certificate()), client, "no valid chain from");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void find_namesakesAndStrangersInAnyOrder_matterNot(int seed) {
        TestAuthority sub = root.intermediate("Sub", 1);
        TestAuthority issuing = sub.intermediate("Issuing", 0);
        List<X509Certificate> sent = new ArrayList<>(List.of(
                sub.certificate(),
                issuing.certificate(),
                root.certificate(),
                TestAuthority.root("Root").certificate(),
                TestAuthority.root("Root").intermediate("Issuing", 0).certificate(),
                TestAuthority.root("Stranger").certificate()));
        List<X509Certificate> bundle = new ArrayList<>(Stream.concat(
                        Stream.of(root.certificate()),
                        IntStream.range(0, 20)
                                .mapToObj(i -> TestAuthority.root("Root").certificate()))
                .toList());
        Collections.shuffle(sent, new Random(seed));
        Collections.shuffle(bundle, new Random(seed));

        assertBelieved(trusting(bundle), issuing.client(ID).with(sent.toArray(X509Certificate[]::new)));
    }

    @Test
    void find_wayThatBreaksARule_doesNotHideAnother() {
        TestAuthority sub = root.intermediate("Sub", 0);
        X509Certificate narrow = sub.crossSignedBy(root, content -> uris(content, "other.example"))
                .certificate();
        Identity client = sub.client(ID);

        assertBelieved(trusting(root.certificate()), client.with(narrow, sub.certificate()));
        assertRefused(trusting(root.certificate()), client.with(narrow), "its URI 'spiffe://corp.example/w/7'");
    }

    /** Every authority signs every other one: more ways than anybody can look at, and none of them ends. */
    @Test
    void find_mazeOfAuthorities_endsSoon() {
        List<TestAuthority> authorities =
                IntStream.range(0, 40).mapToObj(i -> TestAuthority.root("Maze")).toList();
        List<X509Certificate> bundle = new ArrayList<>(List.of(root.certificate()));
        for (TestAuthority one : authorities) {
            authorities.forEach(other -> bundle.add(one.crossSignedBy(other).certificate()));
        }
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(root.certificate()), bundle.subList(1, bundle.size())),
                RevocationLists.NONE,
                clock);

        assertRefused(verifier, authorities.get(0).client(ID), "too many possible chains");
    }

    @Test
    void find_moreIntermediatesThanFour_isRefused() {
        List<X509Certificate> chain = new ArrayList<>();
        TestAuthority last = root;
        for (int i = 0; i < 5; i++) {
            if (i == 4) {
                assertBelieved(
                        trusting(root.certificate()), last.client(ID).with(chain.toArray(X509Certificate[]::new)));
            }
            last = last.intermediate("Level " + i, -1);
            chain.add(last.certificate());
        }

        assertRefused(
                trusting(root.certificate()),
                last.client(ID).with(chain.toArray(X509Certificate[]::new)),
                "within 4 intermediate certificates");
    }

    private static TestAuthority.Builder uris(TestAuthority.Builder content, String host) {
        return permitted(content, new GeneralName(GeneralName.uniformResourceIdentifier, host));
    }

    private static TestAuthority.Builder permitted(TestAuthority.Builder content, GeneralName... names) {
        return content.extension(
                Extension.nameConstraints,
                true,
                new NameConstraints(
                        Arrays.stream(names).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"urn:dev:7", "spiffe://my_domain/x", "spiffe://10.0.0.1/x", "mailto:a@corp.example"})
    void find_uriThatConstraintsCannotAllow_isRefusedWithItsName(String uri) {
        TestAuthority permitting = root.intermediate("Sub", content -> uris(content, "corp.example"));
        TestAuthority excluding = root.intermediate(
                "Sub",
                content -> content.extension(
                        Extension.nameConstraints, true, new NameConstraints(null, new GeneralSubtree[] {
                            new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, "other.example"))
                        })));
        for (TestAuthority sub : uri.contains("_") ? List.of(permitting) : List.of(permitting, excluding)) {
            Identity client = sub.leaf("dev 7 x").uri(uri).issue().with(sub.certificate());

            assertRefused(
                    trusting(root.certificate()),
                    client,
                    "certificate 1 of 3 (the client's, CN=dev 7 x) breaks the name constraints of certificate 2 of 3 (an "
                            + "intermediate, CN=Sub): its URI '" + uri + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CN=widget-7", "CN=3f2504e0-4f89-11d3-9a0c-0305e82c3301", "CN=widget 7", "OU=a"})
    void find_commonName_isNoDnsName(String subject) {
        TestAuthority sub = root.intermediate(
                "Sub",
                content -> permitted(
                        content,
                        new GeneralName(GeneralName.dNSName, "corp.example"),
                        new GeneralName(GeneralName.uniformResourceIdentifier, "corp.example")));

        assertBelieved(
                trusting(root.certificate()),
                sub.leaf(new X500Name(subject)).uri(ID).issue().with(sub.certificate()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=a,E=a@evil.example",
                "E=a@corp.example+E=b@evil.example",
                "E=a@corp.example,E=b@evil.example",
                "E=a@corp.example\\, b@evil.example"
            })
    void find_eMailAddressInTheSubject_isBoundAsOneOutsideIs(String subject) {
        TestAuthority sub = root.intermediate(
                "Sub", content -> permitted(content, new GeneralName(GeneralName.rfc822Name, "corp.example")));

        assertRefused(
                trusting(root.certificate()),
                sub.leaf(new X500Name(subject)).uri(ID).issue().with(sub.certificate()),
                "its e-mail address '");
    }

    /** The low byte of its first letter is that of a "c". */
    @Test
    void find_eMailAddressBeyondAscii_isNoneInAscii() {
        TestAuthority sub = root.intermediate(
                "Sub", content -> permitted(content, new GeneralName(GeneralName.rfc822Name, "corp.example")));
        X500Name subject = new X500Name(new RDN[] {new RDN(BCStyle.E, new DERUTF8String("a@ţorp.example"))});

        assertRefused(
                trusting(root.certificate()),
                sub.leaf(subject).uri(ID).issue().with(sub.certificate()),
                "cannot be compared with the constraints");
    }

    static Stream<ASN1Encodable> oddConstraints() {
        DERSequence subtrees =
                new DERSequence(new GeneralSubtree(new GeneralName(GeneralName.dNSName, "corp.example")));
        ASN1Encodable minimum = new DERSequence(new ASN1Encodable[] {
            new GeneralName(GeneralName.dNSName, "corp.example"), new DERTaggedObject(false, 0, new ASN1Integer(1))
        });
        return Stream.of(
                new DERSequence(new DERTaggedObject(false, 1, new DERSequence())),
                new DERSequence(new DERTaggedObject(false, 0, new DERSequence())),
                new DERSequence(new DERTaggedObject(false, 2, subtrees)),
                new DERSequence(new DERTaggedObject(false, 1, new DERSequence(minimum))),
                new DERSequence(new ASN1Encodable[] {
                    new DERTaggedObject(false, 1, subtrees), new DERTaggedObject(false, 1, subtrees)
                }));
    }

    @ParameterizedTest
    @MethodSource("oddConstraints")
    void find_constraintsThatCannotBeTold_areRefusedAlsoWhereNotCritical(ASN1Encodable constraints) {
        TestAuthority sub =
                root.intermediate("Sub", content -> content.extension(Extension.nameConstraints, false, constraints));

        assertRefused(
                trusting(root.certificate()),
                sub.client(ID).with(sub.certificate()),
                "(an intermediate, CN=Sub) has an extension that cannot be read");
    }

    @Test
    void find_constraintsOfSeveralAuthorities_holdAllTogether() {
        GeneralName wide = new GeneralName(GeneralName.uniformResourceIdentifier, ".example");
        TestAuthority sub = root.intermediate("Sub", content -> uris(content, "corp.example"));
        TestAuthority below = sub.intermediate("Below", content -> permitted(content, wide));
        Identity inside = below.client(ID).with(below.certificate(), sub.certificate());
        Identity outside = below.client("spiffe://evil.example/w").with(below.certificate(), sub.certificate());
        Identity one = below.leaf("one")
                .uri(ID)
                .uri("https://evil.example/")
                .issue()
                .with(below.certificate(), sub.certificate());

        assertBelieved(trusting(root.certificate()), inside);
        assertRefused(trusting(root.certificate()), outside, "name constraints of certificate 3 of 4");
        assertRefused(trusting(root.certificate()), one, "its URI 'https://evil.example/'");
    }

    @Test
    void find_authorityBelowAConstraint_isBoundAndSelfIssuedOneIsNot() {
        GeneralName organization = new GeneralName(GeneralName.directoryName, "CN=Sub");
        TestAuthority sub = root.intermediate("Sub", content -> permitted(content, organization));
        TestAuthority below = sub.intermediate("Below", -1);
        TestAuthority outside = root.intermediate("Out", content -> permitted(content, organization));
        TestAuthority selfIssued = outside.intermediate("Out", -1);

        assertRefused(
                trusting(root.certificate()),
                below.leaf(new X500Name("CN=Sub,O=w")).uri(ID).issue().with(below.certificate(), sub.certificate()),
                "(an intermediate, CN=Below) breaks the name constraints");
        assertBelieved(
                trusting(root.certificate()),
                selfIssued
                        .leaf(new X500Name("CN=Sub,O=w"))
                        .uri(ID)
                        .issue()
                        .with(selfIssued.certificate(), outside.certificate()));
    }

    @Test
    void find_criticalExtensions_areNamedUnlessTheyRestrictNothing() {
        PolicyInformation statement = policy(new PolicyQualifierInfo("https://ca.example/cps"));
        PolicyInformation unknown = policy(PolicyQualifierInfo.getInstance(
                new DERSequence(new ASN1Encodable[] {POLICY.branch("3"), DERNull.INSTANCE})));
        CRLDistPoint points = new CRLDistPoint(new DistributionPoint[0]);

        assertBelieved(trusting(root.certificate()), withPolicy(statement));
        assertRefused(
                trusting(root.certificate()),
                withPolicy(unknown),
                "the qualifier 1.3.6.1.4.1.99999.2.3 of its policy " + POLICY);
        assertRefused(
                trusting(root.certificate()),
                root.leaf("p")
                        .uri(ID)
                        .extension(Extension.cRLDistributionPoints, true, points)
                        .issue(),
                "(the client's, CN=p) has the critical extension 2.5.29.31 (CRL distribution points)");
    }

    private static PolicyInformation policy(PolicyQualifierInfo qualifier) {
        return new PolicyInformation(POLICY, new DERSequence(qualifier));
    }

    private Identity withPolicy(PolicyInformation policy) {
        return root.leaf("client")
                .uri(ID)
                .extension(Extension.certificatePolicies, true, new CertificatePolicies(policy))
                .issue();
    }

    @Test
    void find_requiredPolicy_hasToBeValidAllAlong() {
        UnaryOperator<TestAuthority.Builder> requiring = content -> content.extension(
                        Extension.policyConstraints, true, new PolicyConstraints(java.math.BigInteger.ZERO, null))
                .extension(Extension.certificatePolicies, false, policies(POLICY));
        TestAuthority sub = root.intermediate("Sub", requiring);

        assertBelieved(
                trusting(root.certificate()),
                sub.leaf("a")
                        .uri(ID)
                        .extension(Extension.certificatePolicies, false, policies(POLICY))
                        .issue()
                        .with(sub.certificate()));
        assertRefused(
                trusting(root.certificate()),
                sub.client(ID).with(sub.certificate()),
                "certificate 1 of 3 (the client's, CN=client) has no policy");
        assertRefused(
                trusting(root.certificate()),
                sub.leaf("a")
                        .uri(ID)
                        .extension(Extension.certificatePolicies, false, policies(POLICY.branch("1")))
                        .issue()
                        .with(sub.certificate()),
                "has no policy that is valid along the path");
    }

    private static CertificatePolicies policies(ASN1ObjectIdentifier policy) {
        return new CertificatePolicies(new PolicyInformation(policy));
    }

    @ParameterizedTest
    @ValueSource(ints = {KeyUsage.keyCertSign, KeyUsage.cRLSign, KeyUsage.keyCertSign | KeyUsage.digitalSignature})
    void verify_clientThatMayActAsAuthority_isRefused(int usage) {
        assertRefused(
                trusting(root.certificate()),
                root.leaf("client")
                        .uri(ID)
                        .extension(Extension.keyUsage, true, new KeyUsage(usage))
                        .issue(),
                "it is the certificate of an authority");
        assertRefused(
                trusting(root.certificate()),
                root.leaf("client").uri(ID).authority(-1).issue(),
                "it is the certificate of an authority");
    }

    @Test
    void find_malformedExtensionOfAnAuthority_isRefusedAndNamed() {
        TestAuthority sub = root.intermediate(
                "Sub", content -> content.extension(Extension.nameConstraints, false, (byte) 0x30, (byte) 3, (byte) 1));
        TestAuthority odd = root.intermediate(
                "Odd", content -> content.extension(Extension.policyConstraints, false, (byte) 0x05, (byte) 0));
        for (TestAuthority authority : List.of(sub, odd)) {
            assertRefused(
                    trusting(root.certificate()), authority.client(ID).with(authority.certificate()), "cannot be");
        }
    }

    @Test
    void find_malformedExtensionOfAnAuthority_doesNotHideAnotherPath() {
        TestAuthority sub = root.intermediate("Sub", -1);
        for (ASN1ObjectIdentifier kind :
                List.of(Extension.nameConstraints, Extension.authorityKeyIdentifier, Extension.subjectKeyIdentifier)) {
            X509Certificate empty = sub.crossSignedBy(root, content -> content.extension(kind, false))
                    .certificate();
            X509Certificate odd = sub.crossSignedBy(
                            root,
                            content -> content.extension(
                                    kind,
                                    false,
                                    new DERSequence(new DERTaggedObject(
                                            true, 0, new DERTaggedObject(true, 0, DERNull.INSTANCE)))))
                    .certificate();

            assertBelieved(trusting(root.certificate()), sub.client(ID).with(empty, odd, sub.certificate()));
        }
    }
}
