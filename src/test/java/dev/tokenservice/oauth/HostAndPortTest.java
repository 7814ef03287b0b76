package dev.tokenservice.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, https://example.com",
        "EXAMPLE.com:443, https://example.com",
        "example.com:444, https://example.com:444",
        "1.2.3.4, https://1.2.3.4",
        "a-b.c-d, https://a-b.c-d",
        "xn--bcher-kva.example, https://xn--bcher-kva.example",
        "[::FFFF:1.2.3.4]:1, https://[::ffff:1.2.3.4]:1"
    })
    void httpsUrl_plainAuthority_isLowerCaseWithThePortUnlessDefault(String text, String url) {
        assertThat(HostAndPort.parse(text).orElseThrow().httpsUrl()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a_b",
                "a:",
                ":1",
                "a:0",
                "a:00001",
                "a:65536",
                "a:99999",
                "a:1:2",
                "a.",
                ".a",
                "a..b",
                "-a",
                "a-",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "example.1",
                "0x7f000001",
                "[::1",
                "::1]",
                "[]",
                "[g::]",
                "[::1%lo]",
                "[1.2.3.4]",
                "a@b",
                "a/b",
                "a?b",
                "a#b",
                "a\\b",
                "a%41",
                "\u00e4",
                "\u212a.example",
                "a\n"
            })
    void parse_anythingElse_isNone(String text) {
        assertThat(HostAndPort.parse(text)).isEmpty();
    }

    @Test
    void parse_longNames_areBounded() {
        assertThat(HostAndPort.parse("a".repeat(63) + ".b")).isPresent();
        assertThat(HostAndPort.parse("a".repeat(64) + ".b")).isEmpty();
        assertThat(HostAndPort.parse("a.".repeat(126) + "b")).isPresent();
        assertThat(HostAndPort.parse("a.".repeat(127) + "b")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST:1, true",
        "127.0.0.1, true",
        "127.255.0.9, true",
        "[::1], true",
        "[0:0:0:0:0:0:0:1], true",
        "localhost.example, false",
        "a.localhost.example, false",
        "10.0.0.1, false",
        "0.0.0.0, false",
        "[::], false",
        "[::2], false"
    })
    void isLoopback_thisMachineOnly(String text, boolean expected) {
        assertThat(HostAndPort.parse(text).orElseThrow().isLoopback()).isEqualTo(expected);
    }
}
