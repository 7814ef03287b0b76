package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "DNS:corp.example, DNS:a_b.corp.example",
        "URI:corp.example, URI:spiffe://corp.example/w/7",
        "URI:corp.example, URI:https://user@CORP.example:443/x?y#z",
        "URI:.corp.example, URI:spiffe://a.b.corp.example/w",
        "URI:my_domain, URI:spiffe://my_domain/x",
        "email:corp.example, email:a@corp.EXAMPLE",
        "email:.corp.example, email:a@b.corp.example",
        "email:a@corp.example, email:a@corp.example",
        "DN:C=DE;O=Example, DN:C=DE;O=EXAMPLE ;CN=x",
        "IP:10.0.0.0/255.0.0.0, IP:10.1.2.3",
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
        "URI:corp.example, URI:spiffe://a.corp.example/w",
        "URI:.corp.example, URI:spiffe://corp.example/w",
        "URI:corp.example, URI:spiffe://evil.example/corp.example",
        "URI:corp.example, URI:https://corp.example@evil.example/",
        "URI:corp.example, URI:https://evil.example:80/x@corp.example",
        "email:corp.example, email:a@b.corp.example",
        "email:a@corp.example, email:A@corp.example",
        "DN:C=DE;O=Example, DN:O=Example;C=DE",
        "DN:C=DE;O=Example, DN:C=DE",
        "IP:10.0.0.0/255.0.0.0, IP:11.1.2.3",
        "IP:10.0.0.0/255.0.0.0, IP:2001:db8::1",
    })
    void outside_isNeitherPermittedNorExcluded(String base, String name) {
        assertThat(permits(base, name)).isFalse();
        assertThat(excludes(base, name)).isFalse();
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
        "DNS:corp.example, DNS:corp.example.",
        "DNS:corp.example, DNS:a..corp.example",
        "email:corp.example, email:corp.example",
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

    @Test
    void network_thatIsNone_isAnError() {
        GeneralName odd = new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[] {1, 2, 3}));

        assertThatThrownBy(() -> new NameConstraints(List.of(odd), List.of()).refusal(name("IP:10.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
