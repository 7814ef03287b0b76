package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a revocation list says of itself decides what it is good for, critical or not. */
class RevocationScopeTest {

    private static final String ONE = "http://ca.example/1.crl";
    private static final String TWO = "http://ca.example/2.crl";

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final X509Certificate client = root.client("spiffe://example.org/w").certificate();

    private static DistributionPointName at(String url) {
        return new DistributionPointName(new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url)));
    }

    private static IssuingDistributionPoint users(String url) {
        return new IssuingDistributionPoint(url.isEmpty() ? null : at(url), true, false, null, false, false);
    }

    private static IssuingDistributionPoint all(String url) {
        return new IssuingDistributionPoint(at(url), false, false, null, false, false);
    }

    private X509CRL list(ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value, X509Certificate... revoked) {
        return root.revoke(
                Duration.ofDays(1), list -> add(list, new Extension(kind, critical, encoded(value))), revoked);
    }

    private X509CRL scoped(IssuingDistributionPoint scope, X509Certificate... revoked) {
        return list(Extension.issuingDistributionPoint, true, scope, revoked);
    }

    private static void add(X509v2CRLBuilder list, Extension extension) {
        try {
            list.addExtension(extension);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private RevocationLists read(X509CRL... lists) {
        return RevocationLists.read(TestAuthority.write(folder.resolve("lists.crl"), (Object[]) lists));
    }

    private Optional<String> refusal(RevocationLists lists, X509Certificate certificate) {
        return lists.refusal(certificate, root.certificate(), certificate.getBasicConstraints() < 0, Instant.now())
                .flatMap(Refusal::detail);
    }

    private X509Certificate published(String... urls) {
        DistributionPoint[] points = List.of(urls).stream()
                .map(url -> new DistributionPoint(at(url), null, null))
                .toArray(DistributionPoint[]::new);
        return root.leaf("client")
                .extension(Extension.cRLDistributionPoints, false, encoded(new CRLDistPoint(points)))
                .issue()
                .certificate();
    }

    @Test
    void listOfClients_isWholeForThem() {
        for (IssuingDistributionPoint scope : List.of(users(""), users(ONE), all(ONE))) {
            assertThat(refusal(read(scoped(scope)), client)).isEmpty();
            assertThat(refusal(read(scoped(scope, client)), client))
                    .get()
                    .asString()
                    .contains("names");
            assertThat(refusal(read(scoped(scope)), root.intermediate("CA", 0).certificate()))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listOfAuthorities_tellsNothingOfClients(boolean critical) {
        RevocationLists lists = read(list(
                Extension.issuingDistributionPoint,
                critical,
                new IssuingDistributionPoint(null, false, true, null, false, false)));

        assertThat(refusal(lists, client)).get().asString().contains("covers certificates of clients");
        assertThat(refusal(lists, root.intermediate("CA", 0).certificate())).isEmpty();
    }

    @Test
    void listsOfSeveralPoints_coverTheCertificatesThatNameThem() {
        RevocationLists both = read(scoped(all(ONE)), scoped(users(TWO)));

        assertThat(refusal(both, published(ONE))).isEmpty();
        assertThat(refusal(both, published("http://ca.example/0.crl", TWO))).isEmpty();
        assertThat(refusal(both, published("http://ca.example/3.crl")))
                .get()
                .asString()
                .contains("distribution point");
        assertThat(refusal(both, client)).get().asString().contains("distribution point");
        assertThat(refusal(read(scoped(all(ONE))), published(TWO)))
                .get()
                .asString()
                .contains("distribution point");
        assertThat(refusal(read(scoped(all(ONE)), scoped(all(TWO), client)), client))
                .get()
                .asString()
                .contains("names");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listsThatCannotTell_areRefused(boolean critical) {
        for (IssuingDistributionPoint scope : List.of(
                new IssuingDistributionPoint(null, false, false, null, true, false),
                new IssuingDistributionPoint(null, false, false, null, false, true),
                new IssuingDistributionPoint(
                        null, false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false))) {
            assertRefused(list(Extension.issuingDistributionPoint, critical, scope), "list of");
        }
        assertRefused(list(Extension.deltaCRLIndicator, critical, new ASN1Integer(1)), "delta");
    }

    @Test
    void extensionsThatAreNotKnown_areRefusedWhereCritical() {
        ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");

        assertRefused(list(unknown, true, DERNull.INSTANCE), "critical extension");
        assertThat(refusal(read(list(unknown, false, DERNull.INSTANCE)), client))
                .isEmpty();
        assertRefused(entry(new Extension(unknown, true, encoded(DERNull.INSTANCE))), "critical extension");
        assertRefused(
                entry(new Extension(
                        Extension.certificateIssuer,
                        true,
                        encoded(new GeneralNames(new GeneralName(new X500Name("CN=Other")))))),
                "indirect");
        assertRefused(
                entry(new Extension(Extension.reasonCode, false, encoded(CRLReason.lookup(CRLReason.removeFromCRL)))),
                "removes an entry");
    }

    private X509CRL entry(Extension extension) {
        return root.revoke(
                Duration.ofDays(1),
                list -> list.addCRLEntry(
                        client.getSerialNumber().add(java.math.BigInteger.TEN),
                        Date.from(Instant.now()),
                        new Extensions(extension)));
    }

    private void assertRefused(X509CRL list, String problem) {
        assertThatThrownBy(() -> read(list))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("CN=Root CA")
                .hasMessageContaining(problem);
    }

    @Test
    void listsOfTwoKeysUnderOneName_holdForTheirOwnKey() {
        TestAuthority renewed = TestAuthority.root("Root CA");
        X509CRL own = root.revoke(Duration.ofDays(1));
        X509CRL others = renewed.revoke(Duration.ofDays(1), client);

        assertThat(refusal(read(others, own), client)).isEmpty();
        assertThat(refusal(read(others), client)).get().asString().contains("that the key of its certificate signed");
        assertThat(refusal(read(others), root.intermediate("CA", 0).certificate()))
                .isPresent();
    }

    @Test
    void listOfTheFuture_isNotCurrent() {
        RevocationLists lists = read(root.revoke(Duration.ofDays(1)));

        assertThat(lists.refusal(client, root.certificate(), true, Instant.now().minusSeconds(600)))
                .isPresent();
        assertThat(lists.outOfDate(Instant.now().minusSeconds(600))).containsExactly("CN=Root CA");
        assertThat(lists.outOfDate(Instant.now())).isEmpty();
    }
}
