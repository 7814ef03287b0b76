package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    private static final Template TWO = Template.parse("{client.cn}//{client.o}", List.of("client"));

    private static String fill(String cn, String o) {
        Map<String, String> values = Map.of("client.cn", cn, "client.o", o);
        return TWO.fill(
                name -> String.valueOf(values.get(name)),
                problem -> Refusal.because(ReasonCode.INTERNAL, problem).exception());
    }

    /** "a/" and "b" would make the name of "a" and "/b". */
    @ParameterizedTest
    @CsvSource({"a/, b", "a//b, c", "//, c", "/, c"})
    void fill_valueThatCouldEndEarlier_isRefused(String cn, String o) {
        assertThatThrownBy(() -> fill(cn, o))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the value of {client.cn} contains the text that follows the placeholder");
    }

    @ParameterizedTest
    @CsvSource({"a, b, a//b", "a, /b, a///b", "/a, b, /a//b", "a/b, c//d, a/b//c//d", "'', b, //b"})
    void fill_valuesThatCanBeToldApart_makeAName(String cn, String o, String name) {
        assertThat(fill(cn, o)).isEqualTo(name);
    }

    @Test
    void literals_haveALength() {
        assertThat(TWO.literalLength()).isEqualTo(2);
        assertThat(TWO.named()).containsExactly("client.cn", "client.o");
    }
}
