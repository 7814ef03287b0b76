package dev.tokenservice.signing.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs11UriTest {

    private static final String QUERY = "?module-path=/usr/lib/p11.so&pin-source=/etc/pin";

    @Test
    void parse_everyAttribute_decoded() {
        Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=My%20token%3b;object=%C3%BC;type=private" + QUERY);

        assertThat(uri.token()).contains("My token;");
        assertThat(uri.object()).contains("ü");
        assertThat(uri.slot()).isEmpty();
        assertThat(uri.module()).isEqualTo(Path.of("/usr/lib/p11.so"));
        assertThat(uri.pinFile()).isEqualTo(Path.of("/etc/pin"));
    }

    @Test
    void parse_slot_isANumber() {
        assertThat(Pkcs11Uri.parse("pkcs11:slot-id=304461998" + QUERY).slot()).contains(304461998L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/pin", "file:/etc/pin", "file:///etc/pin", "file://localhost/etc/pin"})
    void parse_pinSource_isAFile(String source) {
        assertThat(Pkcs11Uri.parse("pkcs11:token=t?module-path=/p11.so&pin-source=" + source)
                        .pinFile())
                .isEqualTo(Path.of("/etc/pin"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "pkcs12:token=t does\u00a0not\u00a0begin\u00a0with\u00a0pkcs11:",
                "pkcs11:token=t;slot-id=1? not\u00a0both",
                "pkcs11:object=x? not\u00a0both",
                "pkcs11:token=t;token=u? token\u00a0twice",
                "pkcs11:token=? is\u00a0empty",
                "pkcs11:token=a\"b? %XX",
                "pkcs11:token=%zz? %XX",
                "pkcs11:token=%ff? UTF-8",
                "pkcs11:token=a%0ab? UTF-8",
                "pkcs11:tokn=t? did\u00a0you\u00a0mean\u00a0token?",
                "pkcs11:token=t;serial=1? 'serial'",
                "pkcs11:token=t;id=%01? 'id'",
                "pkcs11:token=t;2468? '…'",
                "pkcs11:token=t;pin-source=/pin? wrong\u00a0side",
                "pkcs11:token=t;type=cert? other\u00a0than\u00a0private",
                "pkcs11:slot-id=0x1? not\u00a0a\u00a0number",
            })
    void parse_pathThatIsNotUnderstood_refusedWithTheReason(String path, String reason) {
        assertRefused(path.replace("?", QUERY), reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "pin-source=/pin no\u00a0module-path",
                "module-path=/p11.so no\u00a0pin-source",
                "module-path=p11.so&pin-source=/pin module-path\u00a0that\u00a0is\u00a0not\u00a0an\u00a0absolute\u00a0path",
                "module-path=/$ORIGIN/p11.so&pin-source=/pin character\u00a0that\u00a0Java\u00a0cannot\u00a0take",
                "module-path=/p11.so&pin-source=pin not\u00a0an\u00a0absolute\u00a0path",
                "module-path=/p11.so&pin-source=file://host/pin not\u00a0an\u00a0absolute\u00a0path",
                "module-path=/p11.so&pin-source=|/bin/pin is\u00a0a\u00a0command",
                "module-path=/p11.so&pin-value=2468 holds\u00a0a\u00a0PIN",
                "module-path=/p11.so&pin-sourc=/pin did\u00a0you\u00a0mean\u00a0pin-source?",
            })
    void parse_queryThatIsNotUnderstood_refusedWithTheReason(String query, String reason) {
        assertRefused("pkcs11:token=t?" + query, reason);
    }

    private static void assertRefused(String uri, String reason) {
        assertThatThrownBy(() -> Pkcs11Uri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(reason.replace('\u00a0', ' '))
                .doesNotContain("2468");
    }
}
