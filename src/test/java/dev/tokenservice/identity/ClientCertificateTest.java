package dev.tokenservice.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every certificate, whoever reports it. */
class ClientCertificateTest {

    private static final String HASH = "A".repeat(43);

    private static ClientCertificate of(List<String> uris, List<String> dnsSans) {
        return ClientCertificate.ofUris(
                uris, dnsSans, Optional.of(HASH), Optional.of("00:ff"), Optional.empty(), Optional.empty());
    }

    @Test
    void ofUris_oneSpiffeId_isTakenOutOfTheUris() {
        ClientCertificate certificate = of(List.of("urn:a", "spiffe://a/b", "urn:b"), List.of());

        assertThat(certificate.spiffeId().map(SpiffeId::uri)).contains("spiffe://a/b");
        assertThat(certificate.uriSans()).containsExactly("urn:a", "urn:b");
    }

    @Test
    void ofUris_severalOrMalformedSpiffeIds_areNone() {
        for (List<String> uris : List.of(
                List.of("spiffe://a/b", "spiffe://a/c"),
                List.of("spiffe://a/b", "spiffe://a/b"),
                List.of("spiffe://a"),
                List.of("spiffe://a/b", "SPIFFE://a/b"),
                List.of("spiffe:nonsense"),
                List.of("SPIFFE://a/b"))) {
            assertThat(of(uris, List.of()).spiffeId()).isEmpty();
            assertThat(of(uris, List.of()).uriSans()).isEmpty();
        }
    }

    @Test
    void ofUris_longestSpiffeId_isReadOnASmallStack() throws Exception {
        String longest = "spiffe://example.org" + "/a".repeat(1014);
        FutureTask<Optional<SpiffeId>> read = new FutureTask<>(() -> SpiffeId.parse(longest));
        new Thread(null, read, "small", 128 * 1024).start();

        assertThat(read.get().map(SpiffeId::uri)).contains(longest);
        assertThat(SpiffeId.parse(longest + "/a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spiffe://example.org/r\u00f6bot", "spiffe://example.org/a\nb", "SPIFFE://a/\u0000"})
    void ofUris_spiffeIdThatIsNotPrintable_isRefused(String uri) {
        assertThatThrownBy(() -> of(List.of(uri), List.of())).isInstanceOf(MalformedCertificateException.class);
    }

    @Test
    void constructor_spiffeIdAmongTheUris_isRefused() {
        assertThatThrownBy(() -> new Names(
                        Attribute.unknown(),
                        Attribute.of(List.of("Spiffe:x")),
                        Attribute.unknown(),
                        Attribute.unknown(),
                        Attribute.unknown(),
                        Attribute.unknown(),
                        Attribute.unknown(),
                        Attribute.unknown()))
                .isInstanceOf(MalformedCertificateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u0000", "\u007f", "\u00e4", "\u2028"})
    void san_emptyOrNotPrintable_isRefusedWithoutRepeatingIt(String san) {
        assertThatThrownBy(() -> of(List.of(san), List.of())).isInstanceOf(MalformedCertificateException.class);
        assertThatThrownBy(() -> of(List.of(), List.of(san)))
                .isInstanceOf(MalformedCertificateException.class)
                .hasMessageMatching("[ -~]+");
    }

    @Test
    void sans_tooManyOrTooLong_areRefused() {
        assertThat(of(List.of(), Collections.nCopies(64, "a")).dnsSans()).hasSize(64);
        assertThatThrownBy(() -> of(List.of(), Collections.nCopies(65, "a")))
                .isInstanceOf(MalformedCertificateException.class);
        assertThatThrownBy(() -> of(List.of("a".repeat(2049)), List.of()))
                .isInstanceOf(MalformedCertificateException.class);
    }

    @Test
    void validity_endsBeforeItStarts_isRefused() {
        assertThatThrownBy(() -> ClientCertificate.ofUris(
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Instant.ofEpochSecond(2)),
                        Optional.of(Instant.ofEpochSecond(1))))
                .isInstanceOf(MalformedCertificateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://a",
                "spiffe://a.b-c_d/e/f",
                "spiffe://a/.hidden",
                "spiffe://a/...",
                "spiffe://a/b..c",
                "spiffe://1/A-Z_0.9"
            })
    void spiffeId_wellFormed_isParsed(String id) {
        assertThat(SpiffeId.parse(id).map(SpiffeId::toString)).contains(id);
    }

    @Test
    void spiffeId_trustDomain_isBounded() {
        assertThat(SpiffeId.parse("spiffe://" + "a".repeat(255))).isPresent();
        assertThat(SpiffeId.parse("spiffe://" + "a".repeat(256))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://a/",
                "spiffe://a//b",
                "spiffe://a/.",
                "spiffe://a/..",
                "spiffe://a/../b",
                "spiffe://a/b/./c",
                "spiffe://A/b",
                "spiffe://"
            })
    void spiffeId_malformed_isNone(String id) {
        assertThat(SpiffeId.parse(id)).isEmpty();
        assertThatThrownBy(() -> new SpiffeId(id)).isInstanceOf(MalformedCertificateException.class);
    }

    @Test
    void values_ofEachAttribute_areAllOfThem() {
        ClientCertificate certificate = of(List.of("spiffe://a/b", "urn:a"), List.of("a.example", "b,c"));

        assertThat(ClientIdAttribute.SPIFFE_ID.values(certificate)).containsExactly("spiffe://a/b");
        assertThat(ClientIdAttribute.URI_SAN.values(certificate)).containsExactly("urn:a");
        assertThat(ClientIdAttribute.DNS_SAN.values(certificate)).containsExactly("a.example", "b,c");
        assertThat(ClientIdAttribute.SHA256_FINGERPRINT.values(certificate)).containsExactly(HASH);
    }
}
