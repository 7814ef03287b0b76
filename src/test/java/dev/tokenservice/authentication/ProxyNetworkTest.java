package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyNetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "35.191.0.0/16, 35.191.7.9, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "128.0.0.0/1, 203.0.113.9, true",
        "128.0.0.0/1, 2001:db8::1, false",
        "8000::/1, 203.0.113.9, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::1, ::1, true",
        "fe80::/10, fe80::1%1, true",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "::ffff:192.0.2.1, 192.0.2.1, true",
    })
    void contains_address_asInCidrNotation(String range, String address, boolean expected) throws Exception {
        assertThat(ProxyNetwork.of(range)
                        .contains(InetAddress.getByName(address).getAddress()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "localhost",
                "example.org/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.0/8",
                "2001:db8::/129",
                "2001:db8::1/32",
                "fe80::1%lo",
                ":",
                "1::2::3",
                "10.0.0.0/8 ",
                "0x0a.0.0.0",
                "::ffff:10.0.0.0/8",
                "::ffff:10.0.0.0/104",
            })
    void parse_anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> ProxyNetwork.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/8, 10.0.0.0/8",
        "192.0.2.255/25, 192.0.2.128/25",
        "255.255.255.255/1, 128.0.0.0/1",
        "2001:db8::1/32, 2001:db8::/32",
    })
    void parse_bitsBehindThePrefix_namesTheNetworkThatWasMeant(String text, String meant) {
        assertThatThrownBy(() -> ProxyNetwork.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "0.0.0.0/1", "::/1", "10.0.0.1/0", "0.0.0.0", "::"})
    void parse_everyAddress_isRefusedNamingAny(String text) {
        assertThatThrownBy(() -> ProxyNetwork.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set any");
    }
}
