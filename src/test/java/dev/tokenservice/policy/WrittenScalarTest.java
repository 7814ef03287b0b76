package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Every text here has the letters x, y and z once, whose places are looked up. */
class WrittenScalarTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "when: a == x && y || z\n",
                "when: 'a == ''x'' && y || ''z'''\n",
                "when: \"a == \\\"x\\\" &&\\x20y \\u0041 || \\\n   z\"\n",
                "when: |\n  a == x\n    && y\n\n  || z\n",
                "when: >-\n  a == x &&\n  y ||\n    z\n",
                "when: a == x &&\n  y\n  || z\n",
                "# äöü 😀\nwhen: \"é == x && 😀 y\n  || z\"\n",
            })
    void place_isThatOfTheCharacter(String file) {
        ScalarNode scalar = (ScalarNode) ((MappingNode) new Yaml().compose(new StringReader(file)))
                .getValue()
                .get(0)
                .getValueNode();
        WrittenScalar written = new WrittenScalar(file, scalar);
        List<String> lines = file.lines().toList();

        assertThat(List.of("x", "y", "z")).allSatisfy(letter -> {
            String value = scalar.getValue();
            int index = written.indexOf(value.codePointCount(0, value.indexOf(letter)));
            String line = lines.get(written.line(index) - 1);
            assertThat(line.substring(line.offsetByCodePoints(0, written.column(index) - 1)))
                    .startsWith(letter);
        });
    }
}
