package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeniedCertificatesTest {

    private static final String BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final X500Principal ISSUER = new X500Principal("CN=Test CA,O=Example");

    @TempDir
    Path folder;

    private DeniedCertificates list(String text) throws IOException {
        return cut(text + "\n");
    }

    private DeniedCertificates cut(String text) throws IOException {
        return DeniedCertificates.read(Files.writeString(folder.resolve("denied"), text));
    }

    private boolean denies(String list, ClientCertificate certificate) throws IOException {
        try {
            cut(list).check(certificate);
            return false;
        } catch (RefusedException e) {
            return true;
        }
    }

    /** What is on the lines that are there is denied, or the list is refused: no fingerprint shrinks to another one. */
    @ParameterizedTest
    @ValueSource(strings = {"CN=Test CA,O=Example", "O = Example, CN = Test CA # gone", "/O=Example/CN=Test CA"})
    void listThatWasCutOff_isRefused_orDeniesItsLines(String issuer) throws IOException {
        String hex = "abcdef0123456789abcdef0123456789abcdef01234" + "0".repeat(21);
        String list =
                "f1a2 " + issuer + "\n" + hex + "\n# gone\n" + BASE64 + "=\n" + hex.replaceAll("(..)(?=.)", "$1:");
        ClientCertificate ofHex = certificate(
                Optional.of(Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(HexFormat.of().parseHex(hex))),
                Optional.of("00:f1:a3"));
        int refused = 0;
        for (int length = 0; length <= list.length(); length++) {
            String part = list.substring(0, length);
            long lines = part.chars().filter(c -> c == '\n').count();
            try {
                cut(part);
            } catch (UnusableFileException e) {
                refused++;
                continue;
            }
            // Nothing shows whether a name goes on.
            boolean first = denies(
                    part, named(certificate(Optional.of("A" + BASE64.substring(1)), Optional.of("00:f1:a2")), ISSUER));
            assertThat(first || lines == 0)
                    .describedAs("line 1 after %d", length)
                    .isTrue();
            assertThat(denies(part, named(ofHex, ISSUER)))
                    .describedAs("line 2 after %d", length)
                    .isEqualTo(lines >= 2 || part.endsWith(hex));
            assertThat(denies(part, named(certificate(Optional.of(BASE64), Optional.of("00:f1:a3")), ISSUER)))
                    .describedAs("line 4 after %d", length)
                    .isEqualTo(part.contains(BASE64));
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void hexDigitsThatMayHaveLostTheirEnd_areRefused() {
        assertThatThrownBy(() -> cut(HEX + "\n" + "abcdef0123456789abcdef0123456789abcdef01234"))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("ends within a line, on line 2: end it with a line break");
    }

    private static ClientCertificate certificate(Optional<String> sha256, Optional<String> serial) {
        return ClientCertificate.ofUris(List.of(), List.of(), sha256, serial, Optional.empty(), Optional.empty());
    }

    private static ClientCertificate named(ClientCertificate certificate, X500Principal issuer) {
        return certificate.with(
                certificate.names().with(Attribute.unknown(), Attribute.of(DirectoryNameReader.of(issuer))));
    }

    private static final ClientCertificate CERTIFICATE = certificate(Optional.of(BASE64), Optional.of("00:f1:a2"));
    private static final ClientCertificate OTHER =
            certificate(Optional.of("A" + BASE64.substring(1)), Optional.of("00:f1:a3"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEX,
                BASE64,
                "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55",
                "# stolen laptop\n\n  " + HEX + "  # ticket\r\n",
                HEX + "#stolen",
                BASE64 + "=",
                "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU= # stolen",
                "\uFEFF" + HEX,
                "f1a2 CN=Test CA,O=Example",
                "0xF1A2 CN=Test CA,O=Example",
                "f1a2 CN=Test CA,O=Example#gone",
                "f1a2 /O=Example/CN=Test CA",
                "f1a2 CN=\"Test CA\";O=\\x45xample",
                "f1a2 OID.2.5.4.3=#0c0754657374204341,O=Exam\\70le",
                "00:F1:A2   O = Example , CN = other\nF1:A2 cn=test ca, o=EXAMPLE # by its issuer",
                "00:F1:A2 O=Example,CN=Test CA # in the order of the certificate",
                "00:F1:A2 O = Example, CN = Test  CA",
            })
    void check_certificateOnTheList_isRefusedAndAnotherOneIsNot(String text) throws IOException {
        DeniedCertificates denied = list(text);

        assertThatThrownBy(() -> denied.check(named(CERTIFICATE, ISSUER)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("revoked");
        assertThatCode(() -> denied.check(named(OTHER, ISSUER))).doesNotThrowAnyException();
    }

    /** Old authorities write their names in kinds of strings that nobody types. */
    @Test
    void check_issuerWithOtherKindsOfStrings_isTheSameIssuer() throws IOException {
        X500Name name = new X500NameBuilder()
                .addRDN(BCStyle.C, new DERPrintableString("DE"))
                .addRDN(BCStyle.O, new DERT61String("Example"))
                .addRDN(BCStyle.CN, new DERBMPString("Test CA"))
                .addRDN(BCStyle.ORGANIZATION_IDENTIFIER, new DERUTF8String("VATDE-1"))
                .addRDN(BCStyle.E, new DERIA5String("ca@example.org"))
                .build();
        ClientCertificate issued = named(CERTIFICATE, new X500Principal(name.getEncoded()));

        for (String line : List.of(
                "f1a2 E=ca@example.org,organizationIdentifier=VATDE-1,CN=Test CA,O=Example,C=DE",
                "f1a2 emailAddress=ca@example.org,2.5.4.97=VATDE-1,CN=Test CA,O=Example,C=DE")) {
            DeniedCertificates denied = list(line);
            assertThatThrownBy(() -> denied.check(issued)).isInstanceOf(RefusedException.class);
        }
    }

    /** The names of these authorities are what they are; a comment may follow, or be part of the name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=Corp CA #2             | CN=Corp CA #2",
                "CN=Corp CA #2             | CN=Corp CA #2 # gone",
                "CN=Corp CA #2             | CN=Corp CA \\#2",
                "CN=Corp CA                | CN=Corp CA #2",
                "CN=Corp CA                | CN=Corp CA#gone",
                "CN=Corp\\, Inc \\+ CA      | CN = \"Corp, Inc + CA\"",
                "CN=Corp\\, Inc \\+ CA      | /CN=Corp, Inc + CA",
                "CN=a+OU=b,O=c             | O = c, OU = b + CN = a",
                "CN=a+OU=b,O=c             | /O=c/OU=b+CN=a",
                "CN=Z\u00fcrich CA         | CN = Z\\C3\\BCrich CA",
                "CN=Z\u00fcrich CA         | /CN=Z\\xC3\\xBCrich CA",
                "CN=Z\u00fcrich CA         | CN=Z\u00fcRICH  ca",
                "CN=Stra\u00dfe            | CN=STRASSE",
                "CN=a/b,O=c                | /O=c/CN=a/b",
                "EMAILADDRESS=ca@example.org,CN=a | /CN=a/emailAddress=ca@example.org",
            })
    void check_issuerAsProgramsPrintIt_isDenied(String issuer, String line) throws IOException {
        DeniedCertificates denied = list("f1a2 " + line);

        assertThatThrownBy(() -> denied.check(named(CERTIFICATE, new X500Principal(issuer))))
                .isInstanceOf(RefusedException.class);
        assertThatCode(() -> denied.check(named(CERTIFICATE, new X500Principal("CN=Corp CA #3,O=d"))))
                .doesNotThrowAnyException();
    }

    @Test
    void check_negativeSerialNumber_isDenied() throws IOException {
        ClientCertificate negative = named(certificate(Optional.of(BASE64), Optional.of("fc:17")), ISSUER);
        DeniedCertificates denied = list("-03E9 CN=Test CA,O=Example");

        assertThatThrownBy(() -> denied.check(negative)).isInstanceOf(RefusedException.class);
    }

    /** Of an ECDSA signature (r, s) there is a twin, (r, n - s), which is as valid: a line denies both. */
    @Test
    void check_signatureTurnedIntoItsTwin_isDeniedByEitherFingerprintAndBySerialNumber() throws Exception {
        TestAuthority root = TestAuthority.root("Root CA");
        X509Certificate revoked = root.client("spiffe://example.org/robot").certificate();
        X509Certificate twin = withTwinSignature(revoked);
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(root.certificate()), List.of()), RevocationLists.NONE, Clock.systemUTC());
        ClientCertificate attributes = CertificateAttributes.of(twin);

        verifier.verify(List.of(twin));
        assertThat(attributes.sha256()).contains(TestLoadBalancer.hash(twin));
        for (String line : List.of(
                TestLoadBalancer.hash(revoked),
                TestLoadBalancer.hash(twin),
                TestLoadBalancer.serial(revoked) + " CN=Root CA")) {
            DeniedCertificates denied = list(line);
            assertThatThrownBy(() -> denied.check(attributes)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> denied.check(CertificateAttributes.of(revoked)))
                    .isInstanceOf(RefusedException.class);
        }
        list(TestLoadBalancer.hash(root.client("spiffe://example.org/robot").certificate()))
                .check(attributes);
    }

    private static X509Certificate withTwinSignature(X509Certificate certificate) throws Exception {
        ASN1Sequence parts = ASN1Sequence.getInstance(certificate.getEncoded());
        ASN1Sequence signature = ASN1Sequence.getInstance(certificate.getSignature());
        BigInteger order =
                ((ECPublicKey) certificate.getPublicKey()).getParams().getOrder();
        BigInteger s = ASN1Integer.getInstance(signature.getObjectAt(1)).getValue();
        DERSequence twin =
                new DERSequence(new ASN1Encodable[] {signature.getObjectAt(0), new ASN1Integer(order.subtract(s))});
        byte[] der = new DERSequence(new ASN1Encodable[] {
                    parts.getObjectAt(0), parts.getObjectAt(1), new DERBitString(twin.getEncoded())
                })
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    @Test
    void check_serialOfAnotherIssuer_passesOnlyWhereTheIssuerIsKnown() throws IOException {
        DeniedCertificates denied = list("f1a2 CN=Another CA");

        assertThatCode(() -> denied.check(named(CERTIFICATE, ISSUER))).doesNotThrowAnyException();
        assertThatThrownBy(() -> denied.check(CERTIFICATE)).isInstanceOf(RefusedException.class);
    }

    @Test
    void check_certificateOfWhichTooLittleIsKnown_isRefused() throws IOException {
        ClientCertificate unknown = certificate(Optional.empty(), Optional.empty());

        for (String line : List.of(HEX, "f1a2 CN=Test CA")) {
            DeniedCertificates denied = list(line);
            assertThatThrownBy(() -> denied.check(unknown)).isInstanceOf(RefusedException.class);
        }
        assertThatCode(() -> list("# nothing").check(unknown)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f1a2",
                "f1a2 nonsense",
                "f1a2 CN=#00",
                "f1a2 CN=#zz",
                "f1a CN=Test CA",
                "E3B0",
                HEX + "00",
                BASE64 + "==",
                HEX + " CN=Test CA",
                "f1a2 SN=Test CA",
                "f1a2 CN=Test\\C3 CA",
                "f1a2 CN=\"Test CA",
                "f1a2 # CN=Test CA",
                "A94A8FE5CCB19BA61C4C0873D391E987982FBBD3",
                "CN=Test CA",
            })
    void read_anythingElse_isRefusedWithItsLine(String text) {
        assertThatThrownBy(() -> list("# list\n" + text))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void read_missingFile_isRefused() {
        assertThatThrownBy(() -> DeniedCertificates.read(folder.resolve("none")))
                .isInstanceOf(UnusableFileException.class);
    }
}
