package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.HeaderFlow;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever becomes of a header on its way: it is refused as the client's fault, or nothing of the identity has changed. */
class HeaderMutationTest {

    private static final int ROUNDS = 2000;
    private static final String SPECIAL = ",;=\":%+/\\ \n\r\0-_AZaz09\u00e9";

    private final Random random = new Random(7);
    private final TestAuthority root = TestAuthority.root("Root CA");
    private final CertificateVerifier verifier = new CertificateVerifier(
            new TrustBundle(List.of(root.certificate()), List.of()), RevocationLists.NONE, Clock.systemUTC());
    private final X509Certificate certificate = root.leaf("client")
            .uri("spiffe://example.org/robot")
            .dns("robot.example.org")
            .issue()
            .certificate();
    private final String escaped = URLEncoder.encode(TestAuthority.pem(certificate), StandardCharsets.UTF_8)
            .replace("+", "%20");

    private void mutate(CertificateSourceFactory factory, String header, String value, Map<String, String> others) {
        HeaderFlow source = HeaderFlow.verifying(factory, verifier);
        ClientCertificate original = read(source, header, value, others);
        assertThat(original.sha256()).contains(TestLoadBalancer.hash(certificate));
        for (int i = 0; i < ROUNDS; i++) {
            String mutant = mutant(value);
            try {
                assertThat(read(source, header, mutant, others)).as(mutant).isEqualTo(original);
            } catch (RefusedException e) {
                assertThat(e.refusal().error()).as(mutant).isEqualTo(OAuthError.INVALID_CLIENT);
            }
        }
    }

    private static ClientCertificate read(HeaderFlow source, String header, String value, Map<String, String> others) {
        Map<String, String> headers = new java.util.HashMap<>(others);
        headers.put(header, value);
        return source.read(headers);
    }

    /** One to three changes: a character replaced, put in, or taken out, a piece doubled, the end cut off. */
    private String mutant(String value) {
        StringBuilder text = new StringBuilder(value);
        for (int changes = 1 + random.nextInt(3); changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            char c = SPECIAL.charAt(random.nextInt(SPECIAL.length()));
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                case 2 -> text.deleteCharAt(at);
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(80))));
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }

    private String hex() {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(TestLoadBalancer.hash(certificate)));
    }

    @Test
    void rfc9440_mutated_isRefusedOrTheSame() throws Exception {
        String value = ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        mutate(new Rfc9440Source.Factory(), "Client-Cert", value, Map.of());
    }

    @Test
    void pem_mutated_isRefusedOrTheSame() {
        mutate(new PemSource.Factory(), "X-SSL-Client-Cert", escaped, Map.of("X-SSL-Client-Verify", "SUCCESS"));
    }

    @Test
    void alb_mutated_isRefusedOrTheSame() {
        mutate(
                new AwsLoadBalancerSource.Factory(),
                "X-Amzn-Mtls-Clientcert-Leaf",
                escaped,
                Map.of(
                        "X-Amzn-Mtls-Clientcert-Serial-Number",
                        certificate.getSerialNumber().toString(16)));
    }

    @Test
    void envoy_mutated_isRefusedOrTheSame() {
        mutate(
                new EnvoySource.Factory(),
                "x-forwarded-client-cert",
                "By=spiffe://example.org/service;Hash=" + hex() + ";Cert=\"" + escaped
                        + "\";URI=spiffe://example.org/robot" + ";DNS=robot.example.org",
                Map.of());
    }
}
