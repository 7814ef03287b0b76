package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.OtherName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An authority that may name certain clients only tries to name another one, in each way in which parsers differ, on the TLS
 * port and through a proxy that forwards the certificate.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NameConstraintsIT {

    private static final String ID = "spiffe://example.org/robot";
    private static final int PERMITTED = 0;
    private static final int EXCLUDED = 1;

    private final TestAuthority root = TestAuthority.root("Root CA");

    private TestService service;
    private TestLog log;

    /**
     * What an authority tries.
     *
     * @param list of its constraints in which the constraint stands
     * @param names that the authority gives to its client
     * @param reason how the audit line names what is wrong
     */
    private record Attack(
            String label,
            int list,
            ASN1Encodable constraint,
            UnaryOperator<TestAuthority.Builder> names,
            String reason) {

        Attack(String label, int list, GeneralName base, UnaryOperator<TestAuthority.Builder> names, String reason) {
            this(label, list, new DERSequence(base), names, reason);
        }

        @Override
        public String toString() {
            return label;
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        Identity server = root.server();
        service = TestService.start(Map.of(
                "AUTH_FLOWS", "mtls-client-credentials,rfc9440-mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", write(folder, "tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY", write(folder, "tls.key", server.key()),
                "MTLS_TRUST_BUNDLE", write(folder, "ca.crt", root.certificate())));
        log = new TestLog();
    }

    private static String write(Path folder, String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }

    @AfterAll
    void stop() {
        log.close();
        service.close();
    }

    static Stream<Attack> attacks() {
        return Stream.of(mail(), hosts(), addresses(), directory(), malformed()).flatMap(List::stream);
    }

    private static List<Attack> mail() {
        GeneralName corp = new GeneralName(GeneralName.rfc822Name, "corp.example");
        GeneralName admin = new GeneralName(GeneralName.rfc822Name, "admin@corp.example");
        return List.of(
                new Attack(
                        "a second e-mail address in the same part of the subject",
                        PERMITTED,
                        corp,
                        leaf -> leaf.subject(mailTwice("a@corp.example", "a@evil.example")),
                        "its e-mail address 'a@evil.example' is not among the permitted names: e-mail address 'corp.example'"),
                new Attack(
                        "a local part in another case",
                        EXCLUDED,
                        admin,
                        leaf -> leaf.name(new GeneralName(GeneralName.rfc822Name, "Admin@CORP.example")),
                        "its e-mail address 'Admin@CORP.example' is among the excluded names: e-mail address 'admin@corp.example'"),
                new Attack(
                        "a mailbox of RFC 9598",
                        EXCLUDED,
                        corp,
                        leaf -> leaf.name(mailbox("ädmin@corp.example")),
                        "cannot be compared with the constraints"));
    }

    private static X500Name mailTwice(String one, String other) {
        return new X500Name(new RDN[] {
            new RDN(new AttributeTypeAndValue[] {
                new AttributeTypeAndValue(BCStyle.EmailAddress, new DERIA5String(one)),
                new AttributeTypeAndValue(BCStyle.EmailAddress, new DERIA5String(other))
            })
        });
    }

    private static GeneralName mailbox(String address) {
        return new GeneralName(
                GeneralName.otherName,
                new OtherName(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9"), new DERUTF8String(address)));
    }

    private static List<Attack> hosts() {
        GeneralName host = new GeneralName(GeneralName.dNSName, "admin.corp.example");
        GeneralName trustDomain = new GeneralName(GeneralName.uniformResourceIdentifier, "example.org");
        return List.of(
                new Attack(
                        "a wildcard that stands for an excluded host",
                        EXCLUDED,
                        host,
                        leaf -> leaf.dns("*.corp.example"),
                        "its DNS name '*.corp.example' is among the excluded names: DNS name 'admin.corp.example'"),
                new Attack(
                        "an excluded host in another case",
                        EXCLUDED,
                        host,
                        leaf -> leaf.dns("ADMIN.corp.EXAMPLE"),
                        "its DNS name 'ADMIN.corp.EXAMPLE' is among the excluded names: DNS name 'admin.corp.example'"),
                new Attack(
                        "an excluded host with a dot at its end",
                        EXCLUDED,
                        host,
                        leaf -> leaf.dns("admin.corp.example."),
                        "its DNS name 'admin.corp.example.' cannot be compared with the constraints"),
                new Attack(
                        "a trust domain in another case",
                        EXCLUDED,
                        new GeneralName(GeneralName.uniformResourceIdentifier, "corp.example"),
                        leaf -> leaf.uri("https://CORP.example/admin"),
                        "its URI 'https://CORP.example/admin' is among the excluded names: URI 'corp.example'"),
                new Attack(
                        "a URI whose user is the permitted host",
                        PERMITTED,
                        trustDomain,
                        leaf -> leaf.uri("https://example.org@evil.example/"),
                        "its URI 'https://example.org@evil.example/' is not among the permitted names: URI 'example.org'"),
                new Attack(
                        "a URI without a host",
                        PERMITTED,
                        trustDomain,
                        leaf -> leaf.uri("urn:dev:7"),
                        "its URI 'urn:dev:7' cannot be compared with the constraints"));
    }

    private static List<Attack> addresses() {
        return List.of(new Attack(
                "an IPv4 address in the clothes of IPv6",
                EXCLUDED,
                new GeneralName(GeneralName.iPAddress, "10.0.0.0/255.0.0.0"),
                leaf -> leaf.name(new GeneralName(
                        GeneralName.iPAddress,
                        new DEROctetString(HexFormat.of().parseHex("00000000000000000000ffff0a010203")))),
                "cannot be compared with the constraints"));
    }

    private static List<Attack> directory() {
        GeneralName excluded = new GeneralName(new X500Name("O=Ärzte"));
        String reason = "is among the excluded names: directory name 'O=?rzte'";
        return List.of(
                new Attack(
                        "an organization in another kind of string",
                        EXCLUDED,
                        excluded,
                        leaf -> leaf.subject(organization(new DERBMPString("Ärzte"))),
                        reason),
                new Attack(
                        "an organization in another case, and with a combining character",
                        EXCLUDED,
                        excluded,
                        leaf -> leaf.subject(organization(new DERUTF8String("A\u0308RZTE"))),
                        reason),
                new Attack(
                        "an excluded directory name beside the subject",
                        EXCLUDED,
                        excluded,
                        leaf -> leaf.name(new GeneralName(organization(new DERUTF8String("ärzte ")))),
                        reason));
    }

    private static X500Name organization(ASN1Encodable value) {
        return new X500Name(new RDN[] {new RDN(BCStyle.O, value), new RDN(BCStyle.CN, new DERUTF8String("client"))});
    }

    private static List<Attack> malformed() {
        UnaryOperator<TestAuthority.Builder> plain = leaf -> leaf;
        GeneralName host = new GeneralName(GeneralName.dNSName, "corp.example");
        return List.of(
                new Attack(
                        "an exclusion that is malformed",
                        EXCLUDED,
                        new GeneralName(GeneralName.dNSName, "*.corp.example"),
                        plain,
                        "the name constraint DNS name '*.corp.example' is malformed"),
                new Attack(
                        "an exclusion with a minimum",
                        EXCLUDED,
                        new DERSequence(new ASN1Encodable[] {host, new DERTaggedObject(false, 0, new ASN1Integer(1))}),
                        plain,
                        "a name constraint has a minimum or a maximum"),
                new Attack(
                        "an exclusion in a list that is not known",
                        2,
                        new DERSequence(host),
                        plain,
                        "an empty, repeated or unknown list"));
    }

    private TestAuthority narrow(Attack attack) {
        ASN1EncodableVector lists = new ASN1EncodableVector();
        lists.add(new DERTaggedObject(false, attack.list(), new DERSequence(attack.constraint())));
        DERSequence constraints = new DERSequence(lists);
        // With a list that is not known the JDK reads no certificate where the extension is critical.
        boolean critical = attack.list() <= EXCLUDED;
        return root.intermediate(
                "Narrow CA", content -> content.extension(Extension.nameConstraints, critical, constraints));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void token_nameThatTheAuthorityMayNotGive_isRefusedAndNamed(Attack attack) throws Exception {
        TestAuthority narrow = narrow(attack);
        Identity client =
                attack.names().apply(narrow.leaf("client").uri(ID)).issue().with(narrow.certificate());

        for (Response answer : List.of(
                TlsClient.of(root.certificate(), Optional.of(client)).token(service.tlsPort(), Headers.NONE),
                service.token(forwarded(client)))) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text("error")).isEqualTo("invalid_client");
            assertThat(line(answer))
                    .containsEntry("reason_code", "constraint")
                    .containsEntry("verified", "false")
                    .containsEntry("fingerprint", CertificateAttributes.sha256(client.certificate()))
                    .hasEntrySatisfying(
                            "detail",
                            detail -> assertThat(detail)
                                    .contains(attack.reason())
                                    .contains("certificate 2 of 3 (an intermediate, CN=Narrow CA)"));
        }
    }

    @ParameterizedTest
    @MethodSource({"mail", "hosts", "addresses", "directory"})
    void token_nameThatTheAuthorityMayGive_isIssued(Attack attack) {
        TestAuthority narrow = narrow(attack);
        Identity client = narrow.leaf("client").uri(ID).issue().with(narrow.certificate());

        assertThat(TlsClient.of(root.certificate(), Optional.of(client))
                        .token(service.tlsPort(), Headers.NONE)
                        .status())
                .isEqualTo(200);
        assertThat(service.token(forwarded(client)).status()).isEqualTo(200);
    }

    private static Headers forwarded(Identity client) {
        return Headers.NONE
                .and("Client-Cert", sequence(client.certificate()))
                .and(
                        "Client-Cert-Chain",
                        client.chain().stream()
                                .skip(1)
                                .map(NameConstraintsIT::sequence)
                                .collect(Collectors.joining(", ")));
    }

    private static String sequence(X509Certificate one) {
        try {
            return ":" + Base64.getEncoder().encodeToString(one.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> line(Response answer) throws InterruptedException {
        List<Map<String, String>> lines = new ArrayList<>();
        long end = System.nanoTime() + 5_000_000_000L;
        while (lines.isEmpty() && System.nanoTime() < end) {
            log.audit().stream()
                    .map(TestLog::fields)
                    .filter(fields -> answer.header("x-request-id").equals(fields.get("request_id")))
                    .forEach(lines::add);
            Thread.sleep(5);
        }
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }
}
