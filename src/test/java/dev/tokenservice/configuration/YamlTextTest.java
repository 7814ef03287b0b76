package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {

    private static YamlText read(byte[] content) throws IOException, InvalidConfigurationException {
        return YamlText.read(new ByteArrayInputStream(content), "test.yml");
    }

    private static YamlText read(String content) throws IOException, InvalidConfigurationException {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: &x 1' | holds the anchor &x: remove it; settings are not repeated by reference (line 1, "
                        + "column 4)",
                "'a: [&x secret]' | holds the anchor &x",
                "'secrets: [*proxysecret]' | holds the alias *proxysecret: write the value itself (line 1, "
                        + "column 11)",
                "'a: {<<: {b: 1}}' | holds the merge key <<",
                "'a: !!int \"010\"' | holds the tag",
                "'a: !x {b: 1}' | holds the tag !x",
                "'a: 1\n---\nb: 2' | must be one YAML document; found a second one (line 2, column 1)",
                "'a:\n\tb: 1' | a tab: YAML is indented with spaces (line 2, column 1)",
            })
    void read_whatIsNotPlainYaml_isRefusedWithItsPlace(String yaml, String problem) {
        assertThatThrownBy(() -> read(yaml.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void read_severalPlaces_areToldTogether() {
        assertThatThrownBy(() -> read("a: &x 1\nb: &y 2"))
                .hasMessageContaining("anchor &x")
                .hasMessageContaining("anchor &y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"010", "0x10", "0b101", "1_0", "0o7", "+5", "-0_1", "1:30", "00"})
    void read_numberThatYamlReadsAsAnother_isFoundAsItIsWritten(String number) throws Exception {
        assertThat(read("token:\n  validity: " + number + "\n").oddNumbers())
                .containsExactly(Map.entry("token.validity", number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10", "'010'", "\"0x10\"", "a:b", "10.0.0.1", "0.5"})
    void read_numberAsItSeemsOrText_isNoOddNumber(String value) throws Exception {
        assertThat(read("token:\n  validity: " + value + "\n").oddNumbers()).isEmpty();
    }

    @Test
    void read_tooLongTooDeepOrNotUtf8_isRefused() {
        assertThatThrownBy(() -> read(new byte[2 * 1024 * 1024])).hasMessageContaining("larger than 1 MiB");
        assertThatThrownBy(() -> read("[".repeat(10_000))).isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> read(new byte[] {'a', ':', ' ', (byte) 0xff})).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> read(new byte[] {'a', ':', ' ', 0})).hasMessageContaining("forbids");
    }
}
