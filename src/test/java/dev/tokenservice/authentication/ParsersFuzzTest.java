package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tokenservice.authentication.sources.AwsLoadBalancerSource;
import dev.tokenservice.authentication.sources.EnvoySource;
import dev.tokenservice.authentication.sources.GoogleLoadBalancerSource;
import dev.tokenservice.authentication.sources.PemSource;
import dev.tokenservice.authentication.sources.Rfc9440Source;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.Authority;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.telemetry.TraceContext;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.DeniedCertificate;
import dev.tokenservice.x509.EncodedCertificates;
import dev.tokenservice.x509.RevocationLists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every parser of what strangers write, with whatever a fuzzer that watches the coverage comes up with: a value, or the one
 * exception that stands for a refusal. Here with the inputs kept beside it; {@code scripts/fuzz} looks for new ones.
 */
class ParsersFuzzTest {

    private static final Set<OAuthError> OF_A_FORM = Set.of(
            OAuthError.INVALID_REQUEST,
            OAuthError.UNSUPPORTED_GRANT_TYPE,
            OAuthError.INVALID_SCOPE,
            OAuthError.INVALID_TARGET);

    /** Jetty makes one character of each byte of a header. */
    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    private static void read(CertificateSourceFactory factory, Map<String, String> headers) {
        try {
            ClientCertificate read = TestDialect.read(TestDialect.source(factory), headers);
            assertThat(read.uriSans()).noneMatch(uri -> uri.startsWith("spiffe:"));
        } catch (OAuthException e) {
            assertThat(e.error()).isEqualTo(OAuthError.INVALID_CLIENT);
        }
    }

    @FuzzTest
    void envoy(byte[] input) {
        read(new EnvoySource.Factory(), Map.of("X-Forwarded-Client-Cert", text(input)));
    }

    @FuzzTest
    void pem(byte[] input) {
        read(new PemSource.Factory(), Map.of("X-SSL-Client-Verify", "SUCCESS", "X-SSL-Client-Cert", text(input)));
    }

    @FuzzTest
    void aws(byte[] input) {
        String[] lines = text(input).split("\n", 3);
        read(
                new AwsLoadBalancerSource.Factory(),
                Map.of(
                        "X-Amzn-Mtls-Clientcert-Leaf",
                        lines[lines.length - 1],
                        "X-Amzn-Mtls-Clientcert-Serial-Number",
                        lines.length > 1 ? lines[0] : "",
                        "X-Amzn-Mtls-Clientcert-Validity",
                        lines.length > 2 ? lines[1] : ""));
    }

    @FuzzTest
    void rfc9440(byte[] input) {
        String[] lines = text(input).split("\n", 2);
        read(
                new Rfc9440Source.Factory(),
                Map.of("Client-Cert", lines[0], "Client-Cert-Chain", lines.length > 1 ? lines[1] : ""));
    }

    /** Lines with the error, SPIFFE ID, URI SANs, DNS SANs, serial number, fingerprint and start of the validity. */
    @FuzzTest
    void google(byte[] input) {
        List<String> names = List.of(
                "X-Client-Cert-Error",
                "X-Client-Cert-Spiffe",
                "X-Client-Cert-URI-SANs",
                "X-Client-Cert-DNSName-SANs",
                "X-Client-Cert-Serial-Number",
                "X-Client-Cert-Hash",
                "X-Client-Cert-Valid-Not-Before");
        Map<String, String> headers =
                new HashMap<>(Map.of("X-Client-Cert-Present", "true", "X-Client-Cert-Chain-Verified", "true"));
        String[] lines = text(input).split("\n", names.size());
        for (int i = 0; i < lines.length; i++) {
            headers.put(names.get(i), lines[i]);
        }
        read(new GoogleLoadBalancerSource.Factory(), headers);
    }

    @FuzzTest
    void certificate(byte[] der) {
        try {
            CertificateAttributes.of(
                    EncodedCertificates.ofBase64List(Base64.getEncoder().encodeToString(der))
                            .get(0));
        } catch (MalformedCertificateException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @FuzzTest
    void revocationLists(byte[] file) {
        reads(file, RevocationLists::read);
    }

    @FuzzTest
    void deniedCertificates(byte[] file) {
        reads(file, DeniedCertificate::read);
    }

    private interface Reader {
        void read(Path file);
    }

    private static void reads(byte[] content, Reader reader) {
        try {
            Path file = Files.write(Files.createTempFile("fuzz", null), content);
            try {
                reader.read(file);
            } catch (UnusableFileException e) {
                assertThat(e.getMessage()).startsWith(file.toString());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void form(byte[] body) {
        Form.asksForExternalCredential(body);
        try {
            TokenRequest.of(Form.parse(body));
        } catch (OAuthException e) {
            assertThat(e.error()).isIn(OF_A_FORM);
        }
    }

    @FuzzTest
    void authority(byte[] host) {
        Authority.parse(text(host)).ifPresent(authority -> {
            authority.isLoopback();
            assertThat(Authority.parse(authority.httpsUrl().substring("https://".length())))
                    .hasValueSatisfying(again -> assertThat(again.host()).isEqualTo(authority.host()));
        });
    }

    @FuzzTest
    void traceContext(byte[] header) {
        TraceContext.traceId(text(header), null)
                .or(() -> TraceContext.traceId(null, text(header)))
                .ifPresent(id -> assertThat(id).matches("[0-9a-f]{32}"));
    }

    @FuzzTest
    void addressRange(byte[] range) {
        try {
            AddressRange.parse(text(range)).contains(InetAddress.getLoopbackAddress());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("must ");
        }
    }

    /** All of them in one process, for a short look: the first line names the parser. */
    @FuzzTest
    void any(byte[] input) {
        String text = text(input);
        int end = text.indexOf('\n');
        byte[] rest = Arrays.copyOfRange(input, end + 1, input.length);
        switch (text.substring(0, Math.max(0, end))) {
            case "addressRange" -> addressRange(rest);
            case "authority" -> authority(rest);
            case "aws" -> aws(rest);
            case "certificate" -> certificate(rest);
            case "deniedCertificates" -> deniedCertificates(rest);
            case "envoy" -> envoy(rest);
            case "form" -> form(rest);
            case "google" -> google(rest);
            case "pem" -> pem(rest);
            case "revocationLists" -> revocationLists(rest);
            case "rfc9440" -> rfc9440(rest);
            case "traceContext" -> traceContext(rest);
            default -> {}
        }
    }
}
