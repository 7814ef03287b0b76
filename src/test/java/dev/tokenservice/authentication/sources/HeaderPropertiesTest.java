package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.HeaderFlow;
import dev.tokenservice.authentication.sources.XfccElement.Pair;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whatever a proxy prints is read as it was meant, and whatever else comes is refused as the client's fault. */
class HeaderPropertiesTest {

    private static final String XFCC = "X-Forwarded-Client-Cert";
    private static final TestAuthority AUTHORITY = TestAuthority.root("Root CA");
    private static final List<X509Certificate> CERTIFICATES = IntStream.range(0, 5)
            .mapToObj(i -> AUTHORITY
                    .leaf("client")
                    .uri("spiffe://example.org/robot/" + i)
                    .dns("robot-" + i + ".example.org")
                    .issue()
                    .certificate())
            .toList();

    private static Optional<ClientCertificate> read(CertificateSourceFactory factory, Map<String, String> headers) {
        try {
            return Optional.of(HeaderFlow.of(factory).read(headers));
        } catch (RefusedException e) {
            assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
            return Optional.empty();
        }
    }

    private static void assertIs(X509Certificate certificate, Optional<ClientCertificate> read) {
        assertThat(read).hasValueSatisfying(one -> {
            assertThat(one.sha256()).contains(TestLoadBalancer.hash(certificate));
            assertThat(one.serialNumber()).contains(TestLoadBalancer.serial(certificate));
        });
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Provide
    Arbitrary<List<X509Certificate>> chains() {
        return Arbitraries.of(CERTIFICATES).list().ofMinSize(1).ofMaxSize(7);
    }

    /** URL-encoded with a free choice of what else than the needful is encoded, in either case of hex digits. */
    private static String urlEncoded(String text, String alsoEncoded, boolean upperCase) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean needful = c <= ' ' || c == '%' || c == '"' || c > '~';
            String hex = String.format(upperCase ? "%%%02X" : "%%%02x", (int) c);
            encoded.append(needful || alsoEncoded.indexOf(c) >= 0 ? hex : c);
        }
        return encoded.toString();
    }

    @Provide
    Arbitrary<String> encodedCharacters() {
        return Arbitraries.subsetOf('+', '/', '=', 'A', '1', 'z')
                .map(set -> set.stream().map(String::valueOf).collect(Collectors.joining()));
    }

    @Property
    void pem_urlEncodedInAnyWay_isRead(
            @ForAll("chains") List<X509Certificate> chain,
            @ForAll("encodedCharacters") String alsoEncoded,
            @ForAll boolean upperCase,
            @ForAll boolean carriageReturns) {
        UnaryOperator<String> encode = pem ->
                urlEncoded(carriageReturns ? pem.replace("\n", "\r\n") : pem, alsoEncoded.replace("-", ""), upperCase);
        String whole = encode.apply(TestAuthority.pem(chain.toArray()));
        String leaf = encode.apply(TestAuthority.pem(chain.get(0)));

        assertIs(
                chain.get(0),
                read(new PemSource.Factory(), Map.of("X-SSL-Client-Verify", "SUCCESS", "X-SSL-Client-Cert", whole)));
        assertIs(chain.get(0), read(new AwsLoadBalancerSource.Factory(), Map.of("X-Amzn-Mtls-Clientcert-Leaf", leaf)));
    }

    @Property
    void pem_base64List_isRead(@ForAll("chains") List<X509Certificate> chain) {
        String list = chain.stream().map(HeaderPropertiesTest::base64).collect(Collectors.joining(","));

        assertIs(
                chain.get(0),
                read(new PemSource.Factory(), Map.of("X-SSL-Client-Verify", "SUCCESS", "X-SSL-Client-Cert", list)));
    }

    @Property
    void rfc9440_itemAndList_areRead(
            @ForAll("chains") List<X509Certificate> chain, @ForAll @IntRange(max = 3) int spaces) {
        String separator = " ".repeat(spaces) + "," + "\t".repeat(spaces);
        String list = chain.stream().map(one -> ":" + base64(one) + ":").collect(Collectors.joining(separator));

        assertIs(
                chain.get(0),
                read(
                        new Rfc9440Source.Factory(),
                        Map.of("Client-Cert", ":" + base64(chain.get(0)) + ":", "Client-Cert-Chain", list)));
    }

    /** Values as they can be; after a backslash no quote may come, as nobody has said what that means. */
    @Provide
    Arbitrary<List<Pair>> pairs() {
        Arbitrary<String> values = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMaxLength(20)
                .filter(value -> !value.contains("\\\"") && !value.endsWith("\\"));
        Arbitrary<Pair> repeatable = Combinators.combine(Arbitraries.of("by", "uri", "dns"), values)
                .as((key, value) -> new Pair(key, value, needsQuotes(value)));
        Arbitrary<Pair> subject = values.map(value -> new Pair("subject", value, true));
        return Combinators.combine(repeatable.list().ofMinSize(1).ofMaxSize(10), subject)
                .as((list, one) -> {
                    List<Pair> all = new ArrayList<>(list);
                    all.add(list.size() / 2, one);
                    return all;
                });
    }

    private static boolean needsQuotes(String value) {
        return value.chars().anyMatch(c -> c == ',' || c == ';' || c == '"');
    }

    private static String print(Pair pair) {
        String quoted = "\"" + pair.value().replace("\"", "\\\"") + "\"";
        return pair.key().toUpperCase(Locale.ROOT) + "=" + (pair.quoted() ? quoted : pair.value());
    }

    @Property
    void xfcc_printed_isReadAsItWas(@ForAll("pairs") List<Pair> pairs) {
        String printed = pairs.stream().map(HeaderPropertiesTest::print).collect(Collectors.joining(";"));

        assertThat(XfccElement.parse(printed).pairs()).isEqualTo(pairs);
    }

    @Property
    void xfcc_severalElements_areRefused(@ForAll("pairs") List<Pair> one, @ForAll("pairs") List<Pair> other) {
        String printed = List.of(one, other).stream()
                .map(pairs -> pairs.stream().map(HeaderPropertiesTest::print).collect(Collectors.joining(";")))
                .collect(Collectors.joining(","));

        assertThat(read(new EnvoySource.Factory(), Map.of(XFCC, printed))).isEmpty();
    }

    /** Pieces that mean something somewhere make better nonsense than mere characters. */
    @Provide
    Arbitrary<String> nonsense() {
        Arbitrary<String> pieces = Arbitraries.of(
                "By=",
                "Hash=",
                "URI=spiffe://example.org/admin",
                "DNS=",
                "Cert=\"",
                "a".repeat(64),
                "%0A",
                "%",
                ",",
                ";",
                "\"",
                "\\",
                ":",
                "-----BEGIN CERTIFICATE-----",
                "-----END CERTIFICATE-----",
                base64(CERTIFICATES.get(0)),
                "\u00e9");
        Arbitrary<String> text =
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(8);
        return Arbitraries.oneOf(pieces, text).list().ofMaxSize(12).map(list -> String.join("", list));
    }

    @Property(tries = 2000)
    void anySource_nonsense_isReadOrRefusedAndNothingElse(@ForAll("nonsense") String value) {
        read(new EnvoySource.Factory(), Map.of(XFCC, value));
        read(new PemSource.Factory(), Map.of("X-SSL-Client-Verify", "SUCCESS", "X-SSL-Client-Cert", value));
        read(new AwsLoadBalancerSource.Factory(), Map.of("X-Amzn-Mtls-Clientcert-Leaf", value));
        read(new Rfc9440Source.Factory(), Map.of("Client-Cert", value, "Client-Cert-Chain", value));
        try {
            XfccElement.parse(value);
        } catch (MalformedCertificateException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Property
    void anySource_verdictThatIsNotTheGoodOne_isRefused(@ForAll @StringLength(max = 12) String verdict) {
        assertThat(read(
                        new PemSource.Factory(),
                        Map.of("X-SSL-Client-Verify", verdict + "x", "X-SSL-Client-Cert", base64(CERTIFICATES.get(0)))))
                .isEmpty();
    }

    @Property
    void aws_otherSummary_isRefused(@ForAll @Size(min = 1, max = 8) byte[] serial) {
        X509Certificate certificate = CERTIFICATES.get(0);
        java.math.BigInteger number = new java.math.BigInteger(1, serial);

        assertThat(read(
                                new AwsLoadBalancerSource.Factory(),
                                Map.of(
                                        "X-Amzn-Mtls-Clientcert-Leaf",
                                        URLEncoder.encode(TestAuthority.pem(certificate), StandardCharsets.UTF_8)
                                                .replace("+", "%20"),
                                        "X-Amzn-Mtls-Clientcert-Serial-Number",
                                        number.toString(16)))
                        .isPresent())
                .isEqualTo(number.equals(certificate.getSerialNumber()));
    }
}
