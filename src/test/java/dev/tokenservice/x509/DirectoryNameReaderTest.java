package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.Names;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names from their encoding: what they are as text, and which attributes they have. */
class DirectoryNameReaderTest {

    private static final Charset UTF_32 = Charset.forName("UTF-32BE");

    private static DirectoryName name(RDN... parts) {
        try {
            return DirectoryNameReader.of(new X500Name(parts).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RDN cn(ASN1Encodable value) {
        return new RDN(BCStyle.CN, value);
    }

    private static DirectoryName utf8(String commonName) {
        return name(cn(new DERUTF8String(commonName)));
    }

    private static Attribute<String> cn(DirectoryName subject) {
        return Names.UNKNOWN.with(Attribute.of(subject), Attribute.unknown()).cn();
    }

    /** OpenSSL lists the encoding from its start; RFC 2253 and RFC 4514 from its end. */
    @Test
    void text_hasTheLastPartOfTheEncodingFirst() {
        DirectoryName name = DirectoryNameReader.of(new X500Principal("CN=robot 7,OU=Line 1,O=Example,C=DE"));

        assertThat(name.text()).isEqualTo("CN=robot 7,OU=Line 1,O=Example,C=DE");
        assertThat(name.parts().get(0).get(0).type()).isEqualTo("2.5.4.6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Smith, John | CN=Smith\\, John",
                "a+b=c;d | CN=a\\+b=c\\;d",
                "<a>\"b\"\\c | CN=\\<a\\>\\\"b\\\"\\\\c",
                "#01 | CN=\\#01",
                "a#b | CN=a#b",
                "a,CN=admin | CN=a\\,CN=admin",
                "a/CN=admin | CN=a/CN=admin",
                "` a ` | `CN=\\ a\\ `",
                "J\u00fcrgen \ud83e\udd16 | CN=J\\C3\\BCrgen \\F0\\9F\\A4\\96",
                "a\u202eb | CN=a\\E2\\80\\AEb"
            })
    void text_ofValues_isEscaped(String value, String text) {
        assertThat(utf8(value).text()).isEqualTo(text);
        assertThat(DistinguishedName.parse(text)).isEqualTo(DistinguishedName.of(utf8(value)));
    }

    @Test
    void text_controlCharacters_areBytesInHex() {
        assertThat(utf8("a\nb\u0000c\u007f").text()).isEqualTo("CN=a\\0Ab\\00c\\7F");
    }

    @Test
    void text_multiValuedPart_isJoinedByPlus() {
        DirectoryName name = name(new RDN(new AttributeTypeAndValue[] {
            new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("a+O=b")),
            new AttributeTypeAndValue(BCStyle.OU, new DERUTF8String("c"))
        }));

        assertThat(name.text()).contains("+").isIn("CN=a\\+O=b+OU=c", "OU=c+CN=a\\+O=b");
        assertThat(cn(name).value()).contains("a+O=b");
        assertThat(name.values(DirectoryName.ORGANIZATIONAL_UNIT)).containsExactly("c");
        assertThat(name.only(DirectoryName.ORGANIZATION).isAbsent()).isTrue();
    }

    @Test
    void text_typeWithoutKeyword_isItsNumberWithTheEncoding() {
        assertThat(name(new RDN(new ASN1ObjectIdentifier("1.2.3.4"), new DERPrintableString("x")))
                        .text())
                .isEqualTo("1.2.3.4=#130178");
        assertThat(name(new RDN(BCStyle.SERIALNUMBER, new DERPrintableString("x")), cn(new DERPrintableString("y")))
                        .text())
                .isEqualTo("CN=y,serialNumber=x");
    }

    @Test
    void value_ofEveryKindOfString_isItsText() {
        assertThat(cn(name(cn(new DERBMPString("robot")))).value()).contains("robot");
        assertThat(cn(name(cn(new DERT61String("robot")))).value()).contains("robot");
        assertThat(cn(name(cn(new DERPrintableString("robot")))).value()).contains("robot");
        assertThat(cn(name(cn(new DERUniversalString("robot".getBytes(UTF_32)))))
                        .value())
                .contains("robot");
        assertThat(name(cn(new DERBMPString("J\u00fcrgen"))).text()).isEqualTo("CN=J\\C3\\BCrgen");
        assertThat(name(cn(new DERT61String("J\u00fcrgen"))).text()).isEqualTo("CN=J\\C3\\BCrgen");
        assertThat(name(cn(new DERUniversalString("\ud83e\udd16".getBytes(UTF_32))))
                        .text())
                .isEqualTo("CN=\\F0\\9F\\A4\\96");
    }

    @Test
    void value_thatIsNoText_isItsEncodingAndUnknown() {
        for (DirectoryName name : new DirectoryName[] {
            name(cn(new DERBMPString("\ud83e"))),
            name(cn(new DERUniversalString(new byte[] {0x7f, 0, 0, 0}))),
            name(cn(new DERUniversalString(new byte[] {0, 0, 0}))),
            name(cn(new DERBitString(new byte[] {1})))
        }) {
            assertThat(name.text()).startsWith("CN=#");
            assertThat(cn(name).isUnknown()).isTrue();
        }
    }

    @Test
    void only_severalEmptyOrNotPlain_isUnknown() {
        assertThat(cn(name(cn(new DERUTF8String("a")), cn(new DERUTF8String("b"))))
                        .isUnknown())
                .isTrue();
        assertThat(cn(name(cn(new DERUTF8String("a")), cn(new DERUTF8String("a"))))
                        .isUnknown())
                .isTrue();
        assertThat(cn(utf8("")).isUnknown()).isTrue();
        assertThat(cn(utf8("a\u0000")).isUnknown()).isTrue();
        assertThat(cn(utf8("r\u043ebot")).isUnknown()).isTrue();
        assertThat(cn(name(new RDN(BCStyle.O, new DERUTF8String("a")))).isAbsent())
                .isTrue();
        assertThat(utf8("").text()).isEqualTo("CN=");
    }

    @Test
    void of_whatIsNotOneNameInDer_isRefused() throws IOException {
        byte[] der = new X500Name("CN=a").getEncoded();
        byte[] longer = Arrays.copyOf(der, der.length + 1);
        byte[] indefinite = {0x30, (byte) 0x80, 0, 0};

        for (byte[] wrong : new byte[][] {
            longer,
            Arrays.copyOf(der, der.length - 1),
            new byte[0],
            indefinite,
            new DERUTF8String("CN=a").getEncoded(),
            new DERTaggedObject(1, new X500Name("CN=a")).getEncoded()
        }) {
            assertThatThrownBy(() -> DirectoryNameReader.of(wrong)).isInstanceOf(MalformedCertificateException.class);
        }
    }
}
