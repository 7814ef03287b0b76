package dev.tokenservice.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The smaller words of the vocabulary. */
class WordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.example",
                "token-service@my-project.iam.gserviceaccount.com",
                "1-compute@developer.gserviceaccount.com"
            })
    void emailAddress_ofServiceAccount_isValid(String email) {
        assertThat(EmailAddress.isValid(email)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@b.example",
                "a@",
                "a@b",
                "a@b.",
                "a@.b",
                "A@b.example",
                "a b@c.example",
                "a@b@c.example",
                "a/../b@c.example",
                "a%2f@c.example",
                "a@b.example/x",
                "a@b.example:generateAccessToken",
                "a@b_c.example",
                "-a@b.example",
                "a-@b.example",
                "a@b.example\n",
                "a?x@b.example",
                "a@-b.example"
            })
    void emailAddress_anythingElse_isNot(String email) {
        assertThat(EmailAddress.isValid(email)).isFalse();
    }

    @Test
    void emailAddress_long_isBounded() {
        assertThat(EmailAddress.isValid("a".repeat(64) + "@b.example")).isTrue();
        assertThat(EmailAddress.isValid("a".repeat(65) + "@b.example")).isFalse();
    }

    @Test
    void quote_anyInput_isPrintableAndShort() {
        assertThat(Quoted.of("abc")).isEqualTo("'abc'");
        assertThat(Quoted.of("a'b\n\u001b\u00e4\u202e")).isEqualTo("'a?b????'");
        assertThat(Quoted.of("x".repeat(101))).isEqualTo("'" + "x".repeat(100) + "...'");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, true",
        "https://a.example/, true",
        "https://a.example:8443/b/c, true",
        "http://localhost:1, true",
        "http://[::1]:1/x, true",
        "http://a.example, false",
        "https://a.example?, false",
        "https://a.example#, false",
        "https://a@a.example, false",
        "https://a_b.example, false",
        "https://a.example/ b, false",
        "https:a.example, false",
        "HTTPS://a.example, false",
        "//a.example, false",
        "a, false"
    })
    void issuerUrl_rules_areHeld(String url, boolean expected) {
        assertThat(IssuerUrl.isValid(url)).isEqualTo(expected);
    }

    @Test
    void issuer_withTrailingSlash_hasEndpointsWithOne() {
        assertThat(new Issuer("https://a.example/", false).endpoint("/token")).isEqualTo("https://a.example/token");
        assertThat(new Issuer("https://a.example/b", false).endpoint("/token")).isEqualTo("https://a.example/b/token");
    }
}
