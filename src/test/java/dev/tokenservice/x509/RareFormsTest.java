package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 5280 allows and few authorities do: what it wants done, and what the JDK makes of the same certificates. */
class RareFormsTest {

    private static final String ID = "spiffe://example.org/robot";

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");

    private static Optional<String> ours(
            X509Certificate trusted, List<X509CRL> lists, List<X509Certificate> presented) {
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(trusted), List.of()), new RevocationLists(lists), Clock.systemUTC());
        try {
            verifier.verify(presented);
            return Optional.empty();
        } catch (RefusedException e) {
            Refusal refusal = e.refusal();
            return Optional.of(refusal.reason().code() + ": " + refusal.detail().orElse(""));
        }
    }

    private static Optional<String> ofTheJdk(
            X509Certificate trusted, List<X509CRL> lists, List<X509Certificate> presented) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(trusted, null)));
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            parameters.setRevocationEnabled(!lists.isEmpty());
            if (!lists.isEmpty()) {
                PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
                checker.setOptions(Set.of(
                        PKIXRevocationChecker.Option.PREFER_CRLS,
                        PKIXRevocationChecker.Option.NO_FALLBACK,
                        PKIXRevocationChecker.Option.ONLY_END_ENTITY));
                parameters.addCertPathChecker(checker);
                parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            }
            validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(presented), parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertBothAccept(List<X509CRL> lists, Identity client) {
        assertThat(ours(root.certificate(), lists, client.chain())).isEmpty();
        assertThat(ofTheJdk(root.certificate(), lists, client.chain())).isEmpty();
    }

    private void assertBothRefuse(List<X509CRL> lists, Identity client, String ours, String theirs) {
        assertThat(ours(root.certificate(), lists, client.chain()).orElse("")).contains(ours);
        assertThat(ofTheJdk(root.certificate(), lists, client.chain()).orElse(""))
                .contains(theirs);
    }

    /** Section 6.1.4 (k): nothing in it says that it is an authority's, so that it is refused. */
    @Test
    void intermediate_ofVersion1_isRefused() {
        TestAuthority old = root.intermediate("Old CA", TestAuthority.Builder::version1);

        assertThat(old.certificate().getVersion()).isEqualTo(1);
        assertBothRefuse(
                List.of(),
                old.client(ID).with(old.certificate()),
                "constraint: certificate 2 of 3 (an intermediate, CN=Old CA) is not the certificate of an authority",
                "basic constraints check failed");
    }

    /** The JDK takes the word of who trusts it. The file is refused here, where clients' certificates could stand as well. */
    @Test
    void root_ofVersion1_isRefusedInTheFileWithTheRemedy() {
        TestAuthority old = TestAuthority.root("Old Root CA", TestAuthority.Builder::version1);
        Path bundle = TestAuthority.write(folder.resolve("ca.crt"), root.certificate(), old.certificate());

        assertThatThrownBy(() -> TrustBundle.read(bundle, new char[0]))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("CN=Old Root CA")
                .hasMessageContaining("is of version 1");
        assertThat(ours(old.certificate(), List.of(), old.client(ID).chain()).orElse(""))
                .contains("(the root, CN=Old Root CA) is not the certificate of an authority");
        assertThat(ofTheJdk(old.certificate(), List.of(), old.client(ID).chain()))
                .isEmpty();
    }

    /** It has no extensions, and with them no purpose and no SPIFFE ID, but it is a certificate. */
    @Test
    void client_ofVersion1_isAcceptedAndHasNoNamesButItsSubject() throws Exception {
        Identity old = root.leaf("old client").version1().issue();

        assertBothAccept(List.of(), old);
        assertThat(CertificateAttributes.of(old.certificate()).uriSans()).isEmpty();
    }

    /** Section 4.1.2.2: they must not be issued, and should be handled. */
    @ParameterizedTest
    @ValueSource(longs = {-1, -128, -129, 0})
    void serialNumber_negativeOrZero_isANumberAsAnyOther(long serial) throws Exception {
        Identity client =
                root.leaf("client").uri(ID).serial(BigInteger.valueOf(serial)).issue();
        Identity positive = root.leaf("client")
                .uri(ID)
                .serial(BigInteger.valueOf(-serial + 300))
                .issue();

        assertBothAccept(List.of(), client);
        List<X509CRL> lists = List.of(root.revoke(Duration.ofHours(1), client.certificate()));
        assertBothRefuse(lists, client, "revoked: the revocation list of CN=Root CA names", "revoked");
        assertBothAccept(lists, positive);
    }

    @Test
    void authority_withANegativeSerialNumber_isAnAuthority() {
        TestAuthority sub = root.intermediate("Sub CA", content -> content.serial(BigInteger.valueOf(-77)));

        assertBothAccept(List.of(), sub.client(ID).with(sub.certificate()));
    }

    private static TestAuthority.Builder naming(TestAuthority.Builder client, X500Name issuer, BigInteger serial) {
        return client.extension(
                Extension.authorityKeyIdentifier,
                false,
                new AuthorityKeyIdentifier(new GeneralNames(new GeneralName(issuer)), serial));
    }

    /** Section 4.2.1.1: it helps to find the authority, and proves nothing: a renewed authority has another serial number. */
    @Test
    void authorityKey_byIssuerAndSerialNumber_isAHint() {
        X500Name name = new X500Name("CN=Root CA");
        TestAuthority sub = root.intermediate("Sub CA", 0);
        TestAuthority renewed = sub.crossSignedBy(root, content -> content.serial(BigInteger.valueOf(4711)));
        BigInteger serial = sub.certificate().getSerialNumber();
        Identity right = naming(sub.leaf("client").uri(ID), name, serial).issue();
        Identity wrong = naming(sub.leaf("client").uri(ID), new X500Name("CN=Somebody"), BigInteger.ONE)
                .issue();

        for (X509Certificate authority : List.of(sub.certificate(), renewed.certificate())) {
            assertBothAccept(List.of(), right.with(authority));
            assertBothAccept(List.of(), wrong.with(authority));
        }
        assertThat(ours(
                        root.certificate(),
                        List.of(),
                        right.with(renewed.certificate(), sub.certificate()).chain()))
                .isEmpty();
    }

    /** The same words in the certificate of an impostor, whose authority has the right name and serial number, and another key. */
    @Test
    void authorityKey_ofTheRightAuthorityOverAnothersSignature_isRefused() {
        TestAuthority impostor = TestAuthority.root(
                "Root CA", content -> content.serial(root.certificate().getSerialNumber()));
        Identity client = naming(
                        impostor.leaf("client").uri(ID),
                        new X500Name("CN=Root CA"),
                        root.certificate().getSerialNumber())
                .issue();

        assertBothRefuse(List.of(), client, "untrusted: no valid chain", "signature check failed");
    }

    private static TestAuthority.Builder permitting(TestAuthority.Builder authority, GeneralName... names) {
        GeneralSubtree[] subtrees = Stream.of(names).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
        return authority.extension(
                Extension.nameConstraints, true, new org.bouncycastle.asn1.x509.NameConstraints(subtrees, null));
    }

    /** Section 6.1.4 (g): each kind of name has its own subtrees, in any order. With two of another kind the JDK keeps one. */
    @Test
    void namesPermittedOfAnotherKindByEachAuthority_bindTheirKindOnly() {
        GeneralName hosts = new GeneralName(GeneralName.dNSName, "corp.example");
        GeneralName example = new GeneralName(new X500Name("O=Example"));
        GeneralName other = new GeneralName(new X500Name("O=Other"));
        TestAuthority upper = root.intermediate("Upper CA", content -> permitting(content, hosts));
        TestAuthority first = upper.intermediate("Lower CA", content -> permitting(content, example, other));
        TestAuthority last = upper.intermediate("Lower CA", content -> permitting(content, other, example));

        assertBothAccept(List.of(), below(first, upper, "O=Example,CN=a robot", "a.corp.example"));
        Identity client = below(last, upper, "O=Example,CN=a robot", "a.corp.example");
        assertThat(ours(root.certificate(), List.of(), client.chain())).isEmpty();
        assertThat(ofTheJdk(root.certificate(), List.of(), client.chain()).orElse(""))
                .contains("name constraints check failed");
        assertBothRefuse(
                List.of(),
                below(first, upper, "O=Example,CN=a robot", "evil.example"),
                "CN=Upper CA): its DNS name 'evil.example' is not among",
                "name constraints");
        assertBothRefuse(
                List.of(),
                below(first, upper, "O=Evil", "a.corp.example"),
                "CN=Lower CA): its directory name",
                "name constraints");
    }

    private static Identity below(TestAuthority lower, TestAuthority upper, String subject, String host) {
        return lower.leaf(new X500Name(subject)).dns(host).issue().with(lower.certificate(), upper.certificate());
    }

    private X509CRL numbered(long number, X509Certificate... revoked) {
        return root.revoke(Duration.ofHours(1), number(number), revoked);
    }

    private static Consumer<X509v2CRLBuilder> number(long number) {
        return list -> add(
                list, new Extension(Extension.cRLNumber, false, encoded(new CRLNumber(BigInteger.valueOf(number)))));
    }

    private static void add(X509v2CRLBuilder list, Extension extension) {
        try {
            list.addExtension(extension);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(CRLNumber number) {
        try {
            return number.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JDK asks the list that it meets first. Here what one of the current lists names is revoked, whichever is newer. */
    @Test
    void olderListBesideANewerOne_whatEitherNamesIsRevoked() {
        Identity client = root.client(ID);
        X509CRL naming = numbered(7, client.certificate());
        X509CRL without = numbered(8);
        X509CRL older = numbered(6);
        X509CRL sameNumber = numbered(7);

        for (X509CRL other : List.of(without, older, sameNumber)) {
            for (List<X509CRL> order : List.of(List.of(naming, other), List.of(other, naming))) {
                assertThat(ours(root.certificate(), order, client.chain()).orElse(""))
                        .contains("revoked: the revocation list of CN=Root CA names");
            }
        }
        assertBothRefuse(List.of(naming), client, "revoked: ", "revoked");
        assertBothAccept(List.of(without, older, sameNumber), client);
    }

    /** Section 5.2.3 has numbers of up to 20 bytes; a list without one is of RFC 2459, and counts. */
    @Test
    void numbersOfAnySize_changeNothing() {
        Identity client = root.client(ID);
        X509CRL huge = root.revoke(
                Duration.ofHours(1),
                list -> add(
                        list,
                        new Extension(
                                Extension.cRLNumber, false, encoded(new CRLNumber(BigInteger.ONE.shiftLeft(200))))));

        assertBothAccept(List.of(huge), client);
        assertBothAccept(List.of(root.revoke(Duration.ofHours(1))), client);
    }

    /** A delta list takes back and adds to the list with its base number: it is refused in the file, wherever it stands. */
    @Test
    void deltaListBesideItsBase_isRefusedInTheFile() {
        X509CRL delta = root.revoke(Duration.ofHours(1), list -> {
            number(9).accept(list);
            add(list, new Extension(Extension.deltaCRLIndicator, true, encoded(new CRLNumber(BigInteger.valueOf(8)))));
        });

        for (List<X509CRL> order : List.of(List.of(numbered(8), delta), List.of(delta, numbered(8)))) {
            Path file = TestAuthority.write(folder.resolve("ca.crl"), order.toArray());
            assertThatThrownBy(() -> RevocationLists.read(file))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageContaining("holds the list of CN=Root CA, which is a delta list: get the whole list");
        }
        Identity client = root.client(ID);
        assertThat(ofTheJdk(root.certificate(), List.of(delta), client.chain()).orElse(""))
                .contains("Could not determine revocation status");
    }
}
