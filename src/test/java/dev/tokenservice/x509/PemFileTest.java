package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of several blocks is several objects, or is refused. */
class PemFileTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final TestAuthority ROOT = TestAuthority.root("Root CA");
    private static final X509CRL FIRST = ROOT.revoke(DAY);
    private static final X509CRL SECOND =
            ROOT.revoke(DAY, ROOT.client("spiffe://example.org/w").certificate());

    @TempDir
    Path folder;

    private List<X509CRL> read(byte[] content) throws IOException {
        return CertificateFile.revocationLists(Files.write(folder.resolve("lists.crl"), content));
    }

    private List<X509CRL> read(String content) throws IOException {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<UnaryOperator<String>> understood() {
        return Stream.of(
                pem -> pem,
                pem -> "\uFEFF" + pem,
                pem -> pem.replace("\n", "\r\n"),
                pem -> pem.replace("\n", "\r"),
                pem -> pem.replace("\n", " \t\n"),
                pem -> pem.replace("\n", "\n\n"),
                pem -> pem.replace("X509 CRL", "CRL"),
                pem -> "# Z\u00fcrich: a list - end of 2030\nGlobal Root\n" + "=".repeat(60) + "\n" + pem + "\n-----\n",
                pem -> "Certificate Revocation List (CRL):\n        Version 2 (0x1)\n    Signature Value:\n"
                        + "        30:45:02:21:00:f1\n" + pem,
                pem -> "Bag Attributes\n    localKeyID: 54 69 6D 65\nsubject=CN = Root CA\n" + pem,
                pem -> "# SHA256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n" + pem);
    }

    @ParameterizedTest
    @MethodSource
    void understood(UnaryOperator<String> form) throws IOException {
        assertThat(read(TestAuthority.pem(FIRST)
                        + form.apply(TestAuthority.pem(SECOND)).replace("\uFEFF", "")))
                .containsExactly(FIRST, SECOND);
        assertThat(read(form.apply(TestAuthority.pem(SECOND)) + TestAuthority.pem(FIRST)))
                .containsExactly(SECOND, FIRST);
    }

    static Stream<UnaryOperator<String>> refused() {
        return Stream.of(
                pem -> pem.indent(2),
                pem -> pem.replace("\n", "\n\t").stripTrailing(),
                pem -> "\t" + pem,
                pem -> pem.replaceAll("(?m)^(?!-)", " "),
                pem -> pem.replaceAll("(?m)^", "# "),
                pem -> pem.replace("-----", "----"),
                pem -> pem.replace("-----", "------"),
                pem -> pem.replace("-----", "-"),
                pem -> pem.replace("-----", ""),
                pem -> pem.replace("-----", "\u2014"),
                pem -> pem.replace("-----", "- - - - -"),
                pem -> pem.toLowerCase(java.util.Locale.ROOT),
                pem -> pem.replace("BEGIN", "Begin").replace("END", "End"),
                pem -> pem.replace("END X509 CRL", "END CRL"),
                pem -> pem.replace("-----END", "----END"),
                pem -> pem.replace("X509 CRL", "CERTIFICATE"),
                pem -> pem.replace("X509 CRL", "PKCS7"),
                pem -> pem.replace("X509 CRL", "x509 crl"),
                pem -> pem.replaceFirst("-----\n", "----- MIIB\n"),
                pem -> pem.replaceFirst("-----\n", "-----"),
                pem -> pem.replaceFirst("-----END.*\n", ""),
                pem -> pem.replaceFirst("-----BEGIN.*\n", ""),
                pem -> pem.replaceAll("-----.*\n", ""),
                pem -> pem.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\n\n"),
                pem -> pem.replaceFirst("\n", "\nComment: one\n\n"),
                pem -> pem.replaceFirst("\n-----END", "\nMIIB\n-----END"),
                pem -> pem.replaceFirst("\n-----END", "====\n-----END"),
                pem -> pem.replaceFirst("\nM", "\n!"),
                pem -> "-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n",
                pem -> "-----BEGIN X509 CRL-----\n" + pem,
                pem -> "\u0000\u0001\n" + pem,
                pem -> TestAuthority.pem(ROOT.server().key()),
                pem -> TestAuthority.pem(ROOT.certificate()));
    }

    @ParameterizedTest
    @MethodSource
    void refused(UnaryOperator<String> form) {
        String odd = form.apply(TestAuthority.pem(SECOND));

        for (String content : List.of(TestAuthority.pem(FIRST) + odd, odd + TestAuthority.pem(FIRST))) {
            assertThatThrownBy(() -> read(content))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageContaining("lists.crl")
                    .hasMessageMatching("(?s).*line \\d+.*");
        }
    }

    @Test
    void twoObjectsOrTrailingBytesInABlock_areRefused() throws Exception {
        for (byte[] more : List.of(FIRST.getEncoded(), new byte[1])) {
            String base64 = Base64.getMimeEncoder().encodeToString(joined(SECOND.getEncoded(), more));
            assertThatThrownBy(() -> read("-----BEGIN X509 CRL-----\n" + base64 + "\n-----END X509 CRL-----\n"))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageContaining("line 1");
        }
    }

    @Test
    void binaryLists_areReadToTheLastByte() throws Exception {
        assertThat(read(joined(FIRST.getEncoded(), SECOND.getEncoded()))).containsExactly(FIRST, SECOND);
        for (byte[] more : List.of(
                new byte[1],
                TestAuthority.pem(SECOND).getBytes(StandardCharsets.UTF_8),
                ROOT.certificate().getEncoded(),
                java.util.Arrays.copyOf(SECOND.getEncoded(), 100))) {
            assertThatThrownBy(() -> read(joined(FIRST.getEncoded(), more))).isInstanceOf(UnusableFileException.class);
        }
        assertThatThrownBy(() ->
                        read(joined(TestAuthority.pem(FIRST).getBytes(StandardCharsets.UTF_8), SECOND.getEncoded())))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("line");
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Stream.of(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "PKCS7", "PRIVATE KEY", "X509 CRL"})
    void bundle_withAnotherKindOfBlock_isRefused(String label) throws IOException {
        String pem = TestAuthority.pem(ROOT.certificate());
        Path file = Files.writeString(folder.resolve("ca.crt"), pem + pem.replace("CERTIFICATE", label));

        assertThatThrownBy(() -> TrustBundle.read(file, new char[0]))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("'" + label + "'");
        assertThat(TrustBundle.read(Files.writeString(file, pem + pem), new char[0])
                        .roots())
                .containsExactly(ROOT.certificate());
    }
}
