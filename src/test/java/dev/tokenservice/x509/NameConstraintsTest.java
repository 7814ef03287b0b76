package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.DLSet;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.OtherName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 5280 section 4.2.1.10, kind by kind. */
class NameConstraintsTest {

    private static GeneralName name(String text) {
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1);
        return switch (text.substring(0, colon)) {
            case "DNS" -> new GeneralName(GeneralName.dNSName, value);
            case "URI" -> new GeneralName(GeneralName.uniformResourceIdentifier, value);
            case "email" -> new GeneralName(GeneralName.rfc822Name, value);
            case "DN" -> new GeneralName(GeneralName.directoryName, value.replace(';', ','));
            case "IP" -> new GeneralName(GeneralName.iPAddress, value);
            case "RID" -> new GeneralName(GeneralName.registeredID, new ASN1ObjectIdentifier(value));
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static boolean permits(String base, String name) {
        return new NameConstraints(List.of(name(base)), List.of())
                .refusal(name(name))
                .isEmpty();
    }

    private static boolean excludes(String base, String name) {
        return new NameConstraints(List.of(), List.of(name(base)))
                .refusal(name(name))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "DNS:corp.example, DNS:corp.example",
        "DNS:corp.example, DNS:a.b.CORP.example",
        "DNS:.corp.example, DNS:a.corp.example",
        "DNS:corp.example, DNS:*.corp.example",
        "DNS:, DNS:corp.example",
        "DNS:corp.example, DNS:a_b.corp.example",
        "URI:corp.example, URI:spiffe://corp.example/w/7",
        "URI:corp.example, URI:https://user@CORP.example:443/x?y#z",
        "URI:.corp.example, URI:spiffe://a.b.corp.example/w",
        "URI:my_domain, URI:spiffe://my_domain/x",
        "email:corp.example, email:a@corp.EXAMPLE",
        "email:.corp.example, email:a@b.corp.example",
        "email:a@corp.example, email:a@corp.example",
        "DN:C=DE;O=Example, DN:C=DE;O=EXAMPLE ;CN=x",
        "DN:O=Example CA, DN:O=  example\u00A0\u3000ca;CN=x",
        "DN:O=Ärzte, DN:O=äRZTE",
        "DN:O=Ärzte, DN:O=a\u0308rzte",
        "DN:O=straße, DN:O=STRASSE",
        "DN:O=Example, DN:O=Exam\u00ADp\u200Ble\uFE0F",
        "DN:O=\uFF25xample, DN:O=Example",
        "DN:O=a+OU=b, DN:OU=B+O=A;CN=x",
        "IP:10.0.0.0/255.0.0.0, IP:10.1.2.3",
        "IP:10.9.9.9/255.0.0.0, IP:10.1.2.3",
        "IP:0.0.0.0/0.0.0.0, IP:10.1.2.3",
        "IP:2001:db8::/32, IP:2001:db8::1",
    })
    void within_isPermittedAndExcluded(String base, String name) {
        assertThat(permits(base, name)).isTrue();
        assertThat(excludes(base, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DNS:corp.example, DNS:evilcorp.example",
        "DNS:.corp.example, DNS:corp.example",
        "DNS:orp.example, DNS:*.corp.example",
        "URI:corp.example, URI:spiffe://a.corp.example/w",
        "URI:.corp.example, URI:spiffe://corp.example/w",
        "URI:corp.example, URI:spiffe://evil.example/corp.example",
        "URI:corp.example, URI:https://corp.example@evil.example/",
        "URI:corp.example, URI:https://evil.example:80/x@corp.example",
        "email:corp.example, email:a@b.corp.example",
        "email:a@corp.example, email:a@b.corp.example",
        "email:a@corp.example, email:ba@corp.example",
        "DN:O=a, DN:O=a+OU=b",
        "DN:O=a, DN:OU=a",
        "DN:C=DE;O=Example, DN:O=Example;C=DE",
        "DN:C=DE;O=Example, DN:C=DE",
        "IP:10.0.0.0/255.0.0.0, IP:11.1.2.3",
        "IP:10.0.0.0/255.0.0.0, IP:2001:db8::1",
    })
    void outside_isNeitherPermittedNorExcluded(String base, String name) {
        assertThat(permits(base, name)).isFalse();
        assertThat(excludes(base, name)).isFalse();
    }

    /** What is within a constraint in part, or under another name, must not slip through the excluded ones. */
    @ParameterizedTest
    @CsvSource({
        "DNS:a.corp.example, DNS:*.corp.example",
        "DNS:.a.corp.example, DNS:*.corp.example",
        "DNS:b.a.corp.example, DNS:*.corp.example",
        "email:a@corp.example, email:A@Corp.example",
        "email:, email:a@corp.example",
        "URI:, URI:spiffe://corp.example/w",
    })
    void withinInPart_isExcludedAndNotPermitted(String base, String name) {
        assertThat(permits(base, name)).isFalse();
        assertThat(excludes(base, name)).isTrue();
    }

    /** What cannot be held against a constraint must not slip through the excluded ones. */
    @ParameterizedTest
    @CsvSource({
        "URI:corp.example, URI:urn:dev:7",
        "URI:corp.example, URI:mailto:a@corp.example",
        "URI:corp.example, URI:spiffe:///w",
        "URI:corp.example, URI:spiffe://10.0.0.1/w",
        "URI:corp.example, URI:https://[2001:db8::1]/w",
        "URI:corp.example, URI:spiffe://corp.example./w",
        "URI:corp.example, URI:spiffe://corp%2Eexample/w",
        "URI:corp.example, URI:https://evil.example\\@corp.example/",
        "URI:corp.example, URI:/corp.example",
        "URI:corp.example, URI:https://0x7f000001/w",
        "URI:corp.example, URI:https://*.corp.example/w",
        "DNS:corp.example, DNS:a*.corp.example",
        "DNS:corp.example, DNS:a.*.corp.example",
        "DNS:corp.example, DNS:*",
        "DNS:corp.example, DNS:",
        "DNS:corp.example, DNS:cörp.example",
        "DNS:corp.example, DNS:corp.example.",
        "DNS:corp.example, DNS:a..corp.example",
        "email:corp.example, email:corp.example",
        "email:a@corp.example, 'email:\"a\"@corp.example'",
        "email:a@corp.example, email:a(x)@corp.example",
        "email:a.corp.example, email:x@*.corp.example",
        "IP:10.0.0.0/255.0.0.0, IP:::ffff:a01:203",
        "IP:0:0:0:0:0:0:0:0/1, IP:::ffff:a01:203",
        "DN:O=Example, DN:O=Exam\uE000ple",
        "email:corp.example, email:a@b@corp.example.",
        "RID:1.2.3, RID:1.2.3",
    })
    void withoutAHostOrOfAnUnsupportedKind_isRefusedEitherWay(String base, String name) {
        assertThat(permits(base, name)).isFalse();
        assertThat(excludes(base, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DNS:corp.example, URI:urn:dev:7",
        "DNS:corp.example, DN:CN=widget-7",
        "URI:corp.example, DNS:evil.example",
        "DN:O=Example, DNS:evil.example"
    })
    void anotherKind_isNotBound(String base, String name) {
        assertThat(permits(base, name)).isTrue();
        assertThat(excludes(base, name)).isFalse();
    }

    static Stream<GeneralName> obscure() {
        return Stream.of(
                new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[8])),
                new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[0])),
                organization(new DERT61String("Ärzte")),
                organization(new DERUTF8String("\uFFFD")));
    }

    @ParameterizedTest
    @MethodSource("obscure")
    void nameThatCannotBeRead_isRefusedEitherWay(GeneralName name) {
        GeneralName base = name(name.getTagNo() == GeneralName.iPAddress ? "IP:10.0.0.0/255.0.0.0" : "DN:O=Example");

        assertThat(new NameConstraints(List.of(base), List.of()).refusal(name)).isPresent();
        assertThat(new NameConstraints(List.of(), List.of(base)).refusal(name)).isPresent();
    }

    private static GeneralName organization(ASN1Encodable value) {
        return new GeneralName(new X500Name(new RDN[] {new RDN(BCStyle.O, value)}));
    }

    static Stream<ASN1Encodable> encodings() {
        return Stream.of(
                new DERPrintableString("Example"),
                new DERUTF8String("Example"),
                new DERBMPString("Example"),
                new DERT61String("Example"),
                new DERUniversalString("Example".getBytes(Charset.forName("UTF-32BE"))));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void directoryName_inAnyKindOfString_isTheSame(ASN1Encodable encoding) {
        for (ASN1Encodable other : encodings().toList()) {
            NameConstraints excluding = new NameConstraints(List.of(), List.of(organization(other)));

            assertThat(excluding.refusal(organization(encoding))).isPresent();
        }
    }

    @Test
    void attributesOfOnePart_inAnyOrder_areTheSame() {
        ASN1Encodable organization = attribute(BCStyle.O);
        ASN1Encodable unit = attribute(BCStyle.OU);
        NameConstraints excluding = new NameConstraints(List.of(), List.of(inOrder(organization, unit)));

        assertThat(excluding.refusal(inOrder(unit, organization))).isPresent();
    }

    private static ASN1Encodable attribute(ASN1ObjectIdentifier type) {
        return new DERSequence(new ASN1Encodable[] {type, new DERUTF8String("Example")});
    }

    private static GeneralName inOrder(ASN1Encodable... attributes) {
        return new GeneralName(X500Name.getInstance(new DERSequence(new DLSet(attributes))));
    }

    @Test
    void internationalMailbox_isBoundByConstraintsOnMailAddresses() {
        GeneralName mailbox = otherName("1.3.6.1.5.5.7.8.9");
        NameConstraints mail = new NameConstraints(List.of(), List.of(name("email:corp.example")));
        NameConstraints hosts = new NameConstraints(List.of(), List.of(name("DNS:corp.example")));

        assertThat(mail.refusal(mailbox)).isPresent();
        assertThat(hosts.refusal(mailbox)).isEmpty();
        assertThat(mail.refusal(otherName("1.3.6.1.4.1.311.20.2.3"))).isEmpty();
        assertThat(new NameConstraints(List.of(otherName("1.3.6.1.4.1.311.20.2.3")), List.of()).refusal(mailbox))
                .isPresent();
    }

    private static GeneralName otherName(String type) {
        return new GeneralName(
                GeneralName.otherName,
                new OtherName(new ASN1ObjectIdentifier(type), new DERUTF8String("a@corp.example")));
    }

    static Stream<GeneralName> malformed() {
        Stream<GeneralName> texts = Stream.of(
                        "DNS:*.corp.example",
                        "DNS:corp.example.",
                        "DNS:corp..example",
                        "DNS:cörp.example",
                        "DNS: ",
                        "DNS:.",
                        "URI:spiffe://corp.example",
                        "URI:corp.example:443",
                        "URI:corp.example/",
                        "email:@corp.example",
                        "email:a@.corp.example",
                        "email:\"a\"@corp.example",
                        "IP:10.0.0.0/255.0.255.0",
                        "DN:O=\uE000")
                .map(NameConstraintsTest::name);
        Stream<GeneralName> networks = Stream.of(new byte[0], new byte[4], new byte[9], mapped())
                .map(octets -> new GeneralName(GeneralName.iPAddress, new DEROctetString(octets)));
        return Stream.concat(texts, networks);
    }

    /** The network of ::ffff:10.0.0.0/104. */
    private static byte[] mapped() {
        return HexFormat.of().parseHex("00000000000000000000ffff0a000000" + "ffffffffffffffffffffffffff000000");
    }

    /** An exclusion that programs cannot read would exclude nothing. */
    @ParameterizedTest
    @MethodSource("malformed")
    void constraintThatIsMalformed_isAnError(GeneralName base) {
        assertThatThrownBy(() -> new NameConstraints(List.of(), List.of(base)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is malformed");
        assertThatThrownBy(() -> new NameConstraints(List.of(base), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
