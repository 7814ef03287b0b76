package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import dev.tokenservice.authentication.sources.GoogleLoadBalancerFactory;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.IpNetwork;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.x509.DeniedCertificate;
import dev.tokenservice.x509.DeniedCertificateReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Lists, networks and SANs, printed and read again. */
class TextPropertiesTest {

    private static List<DeniedCertificate> denied(String text) {
        try {
            Path file = Files.createTempFile("denied", null);
            try {
                List<DeniedCertificate> denied = new ArrayList<>();
                DeniedCertificateReader.read(Files.writeString(file, text), denied::add);
                return denied;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 200)
    void denied_fingerprintInAnyForm_isRead(
            @ForAll @Size(32) byte[] digest,
            @ForAll boolean colons,
            @ForAll boolean upperCase,
            @ForAll boolean base64) {
        String expected = Base64.getEncoder().withoutPadding().encodeToString(digest);
        String hex = HexFormat.ofDelimiter(colons ? ":" : "").formatHex(digest);
        String printed = base64 ? expected : upperCase ? hex.toUpperCase(Locale.ROOT) : hex;

        assertThat(denied("# a list\n\n " + printed + "  # why\n"))
                .singleElement()
                .satisfies(one -> assertThat(one.sha256()).contains(expected))
                .satisfies(one -> assertThat(one.line()).isEqualTo(3));
    }

    @Property(tries = 200)
    void denied_serialNumberWithIssuer_isRead(
            @ForAll @Size(min = 1, max = 20) byte[] serial, @ForAll("names") String commonName) {
        String printed = HexFormat.of().formatHex(serial) + " CN=" + commonName + ",O=Example";

        assertThat(denied(printed)).singleElement().satisfies(one -> {
            assertThat(one.serialNumber()).contains(new BigInteger(1, serial));
            assertThat(one.issuers()).isNotEmpty();
        });
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars(" .-")
                .ofMinLength(1)
                .ofMaxLength(30)
                .map(name -> "x" + name + "x");
    }

    @Property(tries = 300)
    void denied_anythingElse_isRefusedWithItsLine(@ForAll("lines") String text) {
        try {
            denied(text);
        } catch (UnusableFileException e) {
            assertThat(e).hasMessageContaining("on line ");
        }
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.oneOf(
                        Arbitraries.of("f1a2 ", "CN=", "O=a", ",", "=", "\\", "#", "\"", "+", "\n", "a".repeat(64)),
                        Arbitraries.strings().withCharRange(' ', '\u017f').ofMaxLength(6))
                .list()
                .ofMaxSize(8)
                .map(list -> String.join("", list));
    }

    @Property
    void addressRange_network_holdsItsAddressesAndNoOthers(
            @ForAll @Size(16) byte[] address, @ForAll boolean six, @ForAll @IntRange(max = 128) int length)
            throws UnknownHostException {
        int bits = six ? 128 : 32;
        int prefix = Math.min(length, bits);
        BigInteger number = new BigInteger(1, six ? address : java.util.Arrays.copyOf(address, 4));
        BigInteger network = number.shiftRight(bits - prefix).shiftLeft(bits - prefix);
        Assume.that(network.signum() > 0);
        IpNetwork range = ProxyNetwork.of(address(network, bits).getHostAddress() + "/" + prefix);

        assertThat(range.contains(address(number, bits).getAddress())).isTrue();
        assertThat(range.contains(address(number.flipBit(bits - prefix), bits).getAddress()))
                .isFalse();
        if (!network.equals(number)) {
            assertThatThrownBy(() -> ProxyNetwork.of(address(number, bits).getHostAddress() + "/" + prefix))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "did you mean " + InetAddresses.toAddrString(address(network, bits)) + "/" + prefix + "?");
        }
    }

    /** Of a million million IPv6 addresses one stands for an IPv4 address, which Java makes of it: left aside here. */
    private static InetAddress address(BigInteger number, int bits) throws UnknownHostException {
        byte[] bytes = new byte[bits / Byte.SIZE];
        byte[] source = number.toByteArray();
        for (int i = 1; i <= Math.min(bytes.length, source.length); i++) {
            bytes[bytes.length - i] = source[source.length - i];
        }
        return InetAddress.getByAddress(bytes);
    }

    @Property
    void addressRange_anythingElse_isRefused(@ForAll("nonsense") String text) {
        try {
            assertThat(ProxyNetwork.of(text).prefix()).isBetween(1, 128);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("must ");
        }
    }

    @Provide
    Arbitrary<String> nonsense() {
        return Arbitraries.strings().withChars("0123456789abcdef:./ x%").ofMaxLength(24);
    }

    @Property
    void google_lists_areReadPaddedOrNot(@ForAll("sans") List<String> names, @ForAll boolean padded) {
        String list = TestLoadBalancer.list(names);
        Map<String, String> headers = Map.of(
                TestLoadBalancer.PRESENT, "true",
                TestLoadBalancer.VERIFIED, "true",
                TestLoadBalancer.DNS_SANS, padded ? list : list.replace("=", ""));

        assertThat(HeaderFlow.of(new GoogleLoadBalancerFactory()).read(headers).dnsSans())
                .isEqualTo(names);
    }

    @Provide
    Arbitrary<List<String>> sans() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(60)
                .list()
                .ofMaxSize(64);
    }
}
