package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.testing.TestAuthority;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As many certificates as a header may have, one more, and a text that is too long. */
class EncodedCertificatesTest {

    private static final String CERTIFICATE = base64();

    private static String base64() {
        try {
            return Base64.getEncoder()
                    .encodeToString(TestAuthority.root("Root CA").certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Arguments> encodings() {
        Function<String, List<X509Certificate>> pem = EncodedCertificates::ofUrlEncodedPem;
        Function<String, List<X509Certificate>> base64 = EncodedCertificates::ofBase64List;
        Function<String, List<X509Certificate>> sequences = EncodedCertificates::ofByteSequences;
        String block = "-----BEGIN CERTIFICATE-----\n" + CERTIFICATE + "\n-----END CERTIFICATE-----\n";
        return List.of(
                Arguments.of(
                        "PEM",
                        pem,
                        URLEncoder.encode(block, StandardCharsets.US_ASCII).replace("+", "%20"),
                        ""),
                Arguments.of("base64", base64, CERTIFICATE, ","),
                Arguments.of("byte sequences", sequences, ":" + CERTIFICATE + ":", ", "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void list_ofEightAndOfNine_isReadAndRefused(
            String name, Function<String, List<X509Certificate>> reader, String item, String separator) {
        assertThat(reader.apply(String.join(separator, Collections.nCopies(8, item))))
                .hasSize(8);
        assertRefused(reader, String.join(separator, Collections.nCopies(9, item)), "more than 8 certificates");
        assertRefused(reader, String.join(separator, Collections.nCopies(1000, item)), "longer than 65536 characters");
    }

    private static void assertRefused(Function<String, List<X509Certificate>> reader, String text, String reason) {
        assertThatThrownBy(() -> reader.apply(text))
                .isInstanceOf(MalformedCertificateException.class)
                .hasMessageContaining(reason);
    }
}
