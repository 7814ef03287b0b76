package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tokenservice.api.RequestHeaderParsers;
import dev.tokenservice.authentication.sources.AwsLoadBalancerSource;
import dev.tokenservice.authentication.sources.EncodedCertificates;
import dev.tokenservice.authentication.sources.EnvoySource;
import dev.tokenservice.authentication.sources.GoogleLoadBalancerFactory;
import dev.tokenservice.authentication.sources.PemSource;
import dev.tokenservice.authentication.sources.Rfc9440Source;
import dev.tokenservice.configuration.ConfigurationFile;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.HostAndPort;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.telemetry.TraceContext;
import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.tls.HandshakeFailure;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificates;
import dev.tokenservice.x509.PemBlock;
import dev.tokenservice.x509.PemFile;
import dev.tokenservice.x509.PemKeyReader;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

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

    private static final TestAuthority ROOT = TestAuthority.root("Root");
    private static final X509Certificate CLIENT = ROOT.leaf(new X500Name("O=Example,CN=client,E=a@corp.example"))
            .uri("spiffe://corp.example/w")
            .dns("corp.example")
            .name(new GeneralName(GeneralName.rfc822Name, "a@corp.example"))
            .name(new GeneralName(GeneralName.iPAddress, "10.1.2.3"))
            .name(new GeneralName(GeneralName.registeredID, "1.2.3"))
            .name(new GeneralName(new X500Name("O=Example")))
            .issue()
            .certificate();

    /** Jetty makes one character of each byte of a header. */
    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    private static void read(CertificateSourceFactory factory, Map<String, String> headers) {
        try {
            ClientCertificate read = HeaderFlow.of(factory).read(headers);
            assertThat(read.uriSans()).noneMatch(uri -> uri.startsWith("spiffe:"));
        } catch (RefusedException e) {
            assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
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
        read(new GoogleLoadBalancerFactory(), headers);
    }

    @FuzzTest
    void certificate(byte[] der) {
        try {
            List<X509Certificate> certificates =
                    EncodedCertificates.ofBase64List(Base64.getEncoder().encodeToString(der));
            CertificateAttributes.of(certificates.get(0));
            CertificateVerifier.checkClient(certificates);
        } catch (RefusedException e) {
            assertThat(e.refusal().detail().orElseThrow()).doesNotContain("null");
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
        reads(file, DeniedCertificates::read);
    }

    @FuzzTest
    void trustBundle(byte[] file) {
        reads(file, path -> TrustBundle.read(path, new char[0]));
    }

    /** What is read out of a file, written down again, is the same. */
    @FuzzTest
    void pemFile(byte[] file) {
        reads(file, path -> {
            List<PemBlock> blocks = PemFile.read(path, file);
            String again = blocks.stream().map(PemBlock::text).collect(Collectors.joining());
            assertThat(PemFile.read(path, again.getBytes(StandardCharsets.US_ASCII)))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("line")
                    .isEqualTo(blocks);
        });
    }

    /** A parser's message could hold a piece of a key. */
    @FuzzTest
    void privateKey(byte[] file) {
        reads(file, path -> {
            try {
                PemKeyReader.withPassword("THE_PASSWORD", KeyForm.PASSWORD.toCharArray())
                        .read(path, file);
            } catch (UnusableFileException e) {
                assertThat(e).hasNoCause();
                throw e;
            }
        });
    }

    /** A line for each problem, in no words of a library's own. */
    @FuzzTest
    void yamlText(byte[] file) {
        assertThat(ConfigurationFile.problems(file))
                .allSatisfy(line -> assertThat(line).doesNotContain("Exception", "java.", "dev.tokenservice"));
    }

    @FuzzTest
    void requestId(byte[] header) {
        RequestHeaderParsers.requestId(text(header))
                .ifPresent(id -> assertThat(id).hasSizeBetween(1, 64).isEqualTo(text(header)));
    }

    @FuzzTest
    void accept(byte[] header) {
        try {
            RequestHeaderParsers.accept(text(header));
        } catch (RefusedException e) {
            assertThat(e.refusal().status()).isIn(400, 406);
        }
    }

    @FuzzTest
    void contentType(byte[] header) {
        try {
            RequestHeaderParsers.contentType(text(header));
        } catch (RefusedException e) {
            assertThat(e.refusal().status()).isEqualTo(415);
        }
    }

    /** The JDK's words may repeat what the client sent: a line for each cause, from the outside. */
    @FuzzTest
    void handshakeReason(byte[] words) {
        String[] lines = new String(words, StandardCharsets.UTF_8).split("\n", 3);
        Exception failure = new SSLHandshakeException(lines[0]);
        failure.initCause(new IOException(lines[lines.length - 1]));

        HandshakeFailure read = HandshakeFailure.of(failure);

        assertThat(read.outcome().label()).isNotEmpty();
        assertThat(read.reason()).hasSizeLessThanOrEqualTo(words.length + 100);
    }

    @FuzzTest
    void nameConstraints(byte[] value) {
        verify(Extension.nameConstraints, value);
    }

    /** The first character says which of the extensions. */
    @FuzzTest
    void policies(byte[] input) {
        List<ASN1ObjectIdentifier> kinds = List.of(
                Extension.certificatePolicies,
                Extension.policyMappings,
                Extension.policyConstraints,
                Extension.inhibitAnyPolicy);
        if (input.length > 0) {
            verify(kinds.get(input[0] & 3), Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /** An extension of a root, with a client below it that has names of every kind. */
    private static void verify(ASN1ObjectIdentifier kind, byte[] value) {
        X509Certificate root =
                ROOT.renewed(content -> content.extension(kind, false, value)).certificate();
        try {
            new CertificateVerifier(new TrustBundle(List.of(root), List.of()), RevocationLists.NONE, Clock.systemUTC())
                    .verify(List.of(CLIENT));
        } catch (RefusedException e) {
            assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
            assertThat(e.refusal().detail().orElse("")).doesNotContain("cannot be processed");
        }
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
        Form form = Form.read(body);
        form.asksForExternalCredential();
        try {
            TokenRequest.of(form.checked());
        } catch (RefusedException e) {
            assertThat(e.refusal().error()).isIn(OF_A_FORM);
        }
    }

    @FuzzTest
    void authority(byte[] host) {
        HostAndPort.parse(text(host)).ifPresent(authority -> {
            authority.isLoopback();
            assertThat(HostAndPort.parse(authority.httpsUrl().substring("https://".length())))
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
            ProxyNetwork.of(text(range))
                    .contains(InetAddress.getLoopbackAddress().getAddress());
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
            case "accept" -> accept(rest);
            case "addressRange" -> addressRange(rest);
            case "authority" -> authority(rest);
            case "aws" -> aws(rest);
            case "certificate" -> certificate(rest);
            case "contentType" -> contentType(rest);
            case "deniedCertificates" -> deniedCertificates(rest);
            case "envoy" -> envoy(rest);
            case "form" -> form(rest);
            case "google" -> google(rest);
            case "handshakeReason" -> handshakeReason(rest);
            case "nameConstraints" -> nameConstraints(rest);
            case "pem" -> pem(rest);
            case "pemFile" -> pemFile(rest);
            case "policies" -> policies(rest);
            case "privateKey" -> privateKey(rest);
            case "requestId" -> requestId(rest);
            case "revocationLists" -> revocationLists(rest);
            case "rfc9440" -> rfc9440(rest);
            case "traceContext" -> traceContext(rest);
            case "trustBundle" -> trustBundle(rest);
            case "yamlText" -> yamlText(rest);
            default -> {}
        }
    }
}
