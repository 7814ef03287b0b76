package dev.tokenservice.oauth;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    private static Form parse(String body) {
        return Form.read(body.getBytes(StandardCharsets.UTF_8)).checked();
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
                "a=%c0%ae",
                "a=%e0%80%af",
                "a=%ed%a0%80",
                "a=%f4%90%80%80",
                "a=%c3",
                "a=%00",
                "%00=a",
                "a=\u0000",
                "a=%\u00e4",
                "%=&%=",
                "a%=1"
            })
    void parse_malformedOrRepeated_isRefused(String body) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_REQUEST));
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
                "format=external_credential&%66ormat=external_credential | true",
                "format=external_credential&format=x | false",
                "format=external_credential&format=%ff | false",
                "format=external_credential%zz | false",
                "format=External_credential | false",
                "format | false",
                "'' | false",
                "xformat=external_credential | false"
            })
    void asksForExternalCredential_howeverBrokenTheRest_isFound(String body, boolean expected) {
        assertThat(Form.read(body.getBytes(StandardCharsets.UTF_8)).asksForExternalCredential())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1&a=2&b=%zz | must not be repeated",
                "b=%zz&a=1&a=2 | percent sign",
                "a=%ff&b=%zz | not UTF-8",
                "a=%00%ff | NUL",
                "a=%zz%00 | percent sign"
            })
    void parse_severalFaults_namesTheFirst(String body, String fault) {
        assertThatThrownBy(() -> parse(body)).hasMessageContaining(fault);
    }

    @Test
    void refusal_hasNoStackTrace() {
        assertThatThrownBy(() -> parse("%"))
                .satisfies(refusal -> assertThat(refusal.getStackTrace()).isEmpty());
    }

    @Test
    void count_emptyPairs_doNotCount() {
        assertThat(Form.count("".getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(Form.count("&&&".getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(Form.count("a&a&&=&%zz&".getBytes(StandardCharsets.UTF_8))).isEqualTo(4);
    }

    @Test
    void fault_repeatedNames_isNone() {
        assertThat(Form.fault("a=1&a=2&b=%20+".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(Form.fault("a=1&b=%2".getBytes(StandardCharsets.UTF_8)))
                .hasValueSatisfying(fault -> assertThat(fault).contains("percent sign"));
    }

    @Test
    void checked_tooManyParameters_isRefusedForThat() {
        Form form = Form.read(numbered(65, "&x0=%zz").getBytes(StandardCharsets.UTF_8));

        assertThat(Form.read(numbered(64, "").getBytes(StandardCharsets.UTF_8)).hasTooManyParameters())
                .isFalse();
        assertThat(form.hasTooManyParameters()).isTrue();
        assertThatThrownBy(form::checked).hasMessageContaining("more than 64 parameters");
    }

    @Test
    void incomplete_keepsTheFormatAndIsRefusedForThat() {
        Refusal why = Refusal.because(ReasonCode.MALFORMED_REQUEST, "too large")
                .status(413)
                .build();
        Form form = Form.read("format=external_credential&a=1&a=2".getBytes(StandardCharsets.UTF_8))
                .incomplete(why);

        assertThat(form.asksForExternalCredential()).isTrue();
        assertThatThrownBy(form::checked)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isSameAs(why));
    }

    private static String numbered(int count, String more) {
        return IntStream.range(0, count).mapToObj(i -> "x" + i + "=1").collect(joining("&")) + more;
    }
}
