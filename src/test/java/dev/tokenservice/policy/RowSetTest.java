package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowSetTest {

    private static RowSet set(String text) {
        List<String> problems = new ArrayList<>();
        Optional<RowSet> set = RowSet.read(text.getBytes(StandardCharsets.UTF_8), "serial", problems);
        assertThat(problems).isEmpty();
        return set.orElseThrow();
    }

    /** Of a text that ends with a line break. */
    private static List<String> problems(String text) {
        List<String> problems = new ArrayList<>();
        assertThat(RowSet.read(ended(text).getBytes(StandardCharsets.UTF_8), "serial", problems))
                .isEmpty();
        return problems;
    }

    private static String ended(String text) {
        return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    }

    /** A set of denied clients must not lose one, or get another one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "serial\n01\n0102\n010203\n",
                "line,serial\r\nseven,01:02\r\neight,01:02:03\r\n",
                "serial,line\n01,\n02,eight\n03,\"a \"\"b\"\" c\"\n",
                "line,serial\na,\"01\"\"02\"\nb,\"03\n04\"\n",
            })
    void setThatWasCutOff_isRefused_orHasItsFirstRows(String text) {
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        RowSet set = set(text);
        List<String> keys = Stream.of("01", "02", "03", "0102", "010203", "01:02", "01:02:03", "01\"02", "03\n04")
                .filter(key -> set.find(key).isPresent())
                .toList();
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            Optional<RowSet> part = RowSet.read(Arrays.copyOf(whole, length), "serial", new ArrayList<>());
            if (part.isEmpty()) {
                refused++;
                continue;
            }
            // The last row may lack its end, of which the policy warns.
            int rows = part.get().size() - (text.charAt(length - 1) == '\n' ? 0 : 1);
            assertThat(keys.stream().limit(Math.max(0, rows)))
                    .describedAs("after %d bytes", length)
                    .allSatisfy(key -> assertThat(part.get().find(key)).isEqualTo(set.find(key)));
        }
        assertThat(set.size()).isEqualTo(keys.size());
        assertThat(refused).isPositive();
    }

    @Test
    void row_isFoundByItsKey() {
        RowSet set =
                set("line,serial,owner\r\nseven,01:02,\"Doe, Jane \"\"JD\"\"\"\n,03,äöü\n\"two\nlines\",04,\"\"\n");

        assertThat(set.find("01:02")).contains(Map.of("line", "seven", "serial", "01:02", "owner", "Doe, Jane \"JD\""));
        assertThat(set.find("03")).contains(Map.of("line", "", "serial", "03", "owner", "äöü"));
        assertThat(set.find("04")).contains(Map.of("line", "two\nlines", "serial", "04", "owner", ""));
        assertThat(set.find("05")).isEmpty();
        assertThat(set.find("")).isEmpty();
        assertThat(set.size()).isEqualTo(3);
        assertThat(set.columns()).containsExactly("line", "serial", "owner");
    }

    @Test
    void setWithoutRows_isEmpty() {
        assertThat(set("serial\n").find("01")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "'' -> is empty",
                "number\\n01 -> line 1: has no column 'serial', only 'number'",
                "serial,serial\\n -> line 1: names a column twice",
                "serial,a b\\n -> line 1: the column 'a b' must be named",
                "\uFEFFserial\\n -> byte order mark",
                "serial,a\\n01 -> line 2: has 1 fields, and there are 2 columns",
                "serial,a\\n01,b,c -> line 2: has 3 fields",
                "serial,a\\n\\n01,b -> line 2: has 1 fields",
                "serial,a\\n,b -> line 2: has no serial, which is the key",
                "serial,a\\n01,b\\n02,c\\n01,d -> lines 2 and 4: both have the serial '01'",
                "serial,a\\n01,b\\\"c -> line 2: a quotation mark within a field",
                "serial,a\\n01,\\\"b\\\"c -> line 2: a comma or the end of the line must follow",
                "serial,a\\n01,\\\"b -> line 2: a field in quotation marks is not closed",
                "serial,a\\n01,b\\rc -> line 2: a control character",
                "serial,a\\n01,\\t -> line 2: a control character",
            })
    void malformedText_isRefused(String text, String problem) {
        assertThat(problems(text.translateEscapes())).singleElement().asString().contains(problem);
    }

    @Test
    void everyProblemIsNamed_upToTen() {
        assertThat(problems("serial,a\n01\n02\n03,x\n03,y\n"))
                .containsExactly(
                        "line 2: has 1 fields, and there are 2 columns",
                        "line 3: has 1 fields, and there are 2 columns",
                        "lines 4 and 5: both have the serial '03'");
        assertThat(problems("serial,a\n" + "01\n".repeat(100))).hasSize(10);
    }

    /** RFC 4180, section 2: the last record may have no line break. */
    @ParameterizedTest
    @ValueSource(strings = {"serial\n01", "serial,a\n01,\"b\""})
    void fileThatEndsWithinALine_hasItsLastRow(String text) {
        List<String> problems = new ArrayList<>();

        RowSet set = RowSet.read(text.getBytes(StandardCharsets.UTF_8), "serial", problems)
                .orElseThrow();

        assertThat(problems).isEmpty();
        assertThat(set.find("01")).isPresent();
    }

    @Test
    void bytesThatAreNotUtf8_areRefused() {
        List<String> problems = new ArrayList<>();

        assertThat(RowSet.read(new byte[] {'s', (byte) 0xFF, '\n'}, "serial", problems))
                .isEmpty();
        assertThat(problems).containsExactly("is not a text in UTF-8");
    }

    /** Keys of one hash, as anybody can make for that of a text: each would be compared with all others. */
    @Test
    @Timeout(20)
    void keysOfOneTextHash_areFoundAsFast() {
        String keys = IntStream.range(0, 1 << 15)
                .mapToObj(i -> IntStream.range(0, 15)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));

        assertThat(set("serial\n" + keys + "\n").find("BB".repeat(15))).isPresent();
    }

    @Test
    void hundredThousandRows_areFound() {
        StringBuilder text = new StringBuilder("serial,line,state,owner,site\n");
        for (int i = 0; i < 100_000; i++) {
            text.append(String.format("serial-%013d,line-%015d,state-%014d,owner-%014d,site-%015d%n", i, i, i, i, i));
        }

        RowSet set = set(text.toString());

        assertThat(set.find("serial-0000000099999")).isPresent();
        assertThat(set.find("serial-0000000100000")).isEmpty();
    }
}
