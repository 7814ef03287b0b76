package dev.tokenservice.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    private static Form parse(String body) {
        return Form.parse(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void parse_encodedPairs_areDecoded() {
        Form form = parse("a=1&b=x+y%20z&%63=%C3%A4&d=%26%3d&e&f=&&g=a=b&h=\u00e4");

        assertThat(form.get("a")).contains("1");
        assertThat(form.get("b")).contains("x y z");
        assertThat(form.get("c")).contains("\u00e4");
        assertThat(form.get("d")).contains("&=");
        assertThat(form.get("e")).isEmpty();
        assertThat(form.get("f")).isEmpty();
        assertThat(form.get("g")).contains("a=b");
        assertThat(form.get("h")).contains("\u00e4");
        assertThat(form.get("i")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1&a=1",
                "a=1&a=",
                "a&a",
                "a=1&%61=2",
                "=&=",
                "a=%",
                "a=%4",
                "a=%g0",
                "a=%+1",
                "a=%ff",
                "a=%c0%ae"
            })
    void parse_malformedOrRepeated_isRefused(String body) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOfSatisfying(
                        OAuthException.class, e -> assertThat(e.error()).isEqualTo(OAuthError.INVALID_REQUEST));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format=external_credential | true",
                "%66ormat=external%5Fcredential | true",
                "x=%zz&format=external_credential | true",
                "a&format=external_credential&x=%ff | true",
                "format=external_credential&format=external_credential | true",
                "format=external_credential&format=x | false",
                "format=external_credential%zz | false",
                "format=External_credential | false",
                "format | false",
                "'' | false",
                "xformat=external_credential | false"
            })
    void asksForExternalCredential_howeverBrokenTheRest_isFound(String body, boolean expected) {
        assertThat(Form.asksForExternalCredential(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(expected);
    }
}
