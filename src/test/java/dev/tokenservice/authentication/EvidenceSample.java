package dev.tokenservice.authentication;

import dev.tokenservice.authentication.Evidence.Kind;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.SiteFlow;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A request that shows one kind of evidence to one flow.
 *
 * @param variables what the flow needs to take this kind
 */
record EvidenceSample(String flow, Kind kind, Map<String, String> variables, Headers headers, Connection connection) {

    static final String TLS = "mtls-client-credentials";
    private static final String GOOGLE = "xlb-mtls-client-credentials";
    private static final String ENVOY = "envoy-mtls-client-credentials";
    private static final String AWS = "alb-mtls-client-credentials";
    private static final String PEM = "pem-mtls-client-credentials";
    private static final String RFC9440 = "rfc9440-mtls-client-credentials";
    private static final Connection PLAIN = new Connection(InetAddress.getLoopbackAddress(), false, List.of());

    private EvidenceSample(String flow, Kind kind, Map<String, String> variables, Headers headers) {
        this(flow, kind, variables, headers, PLAIN);
    }

    private EvidenceSample(String flow, Kind kind, String header, String value) {
        this(flow, kind, Map.of(), Headers.NONE.and(header, value), PLAIN);
    }

    /** Every kind that each flow can have, a site's own included, all of one certificate with one URI. */
    static List<EvidenceSample> of(X509Certificate certificate, String uri) {
        String base64 = base64(certificate);
        String pem = URLEncoder.encode(TestAuthority.pem(certificate), StandardCharsets.UTF_8)
                .replace("+", "%20");
        String sequence = ":" + base64 + ":";
        String xfcc =
                "Hash=" + HexFormat.of().formatHex(Base64.getDecoder().decode(TestLoadBalancer.hash(certificate)));
        Headers google = TestLoadBalancer.verified(certificate);
        Headers nginx = Headers.NONE.and("X-SSL-Client-Cert", pem);
        Connection tls = new Connection(InetAddress.getLoopbackAddress(), true, List.of(certificate));
        return List.of(
                new EvidenceSample(TLS, Kind.OF_CONNECTION, Map.of(), Headers.NONE, tls),
                new EvidenceSample(GOOGLE, Kind.SUMMARY, Map.of(), google),
                new EvidenceSample(
                        GOOGLE,
                        Kind.VOUCHED_FOR,
                        Map.of("MTLS_HEADER_CLIENT_CERT_LEAF", "X-Leaf"),
                        google.and("X-Leaf", sequence)),
                new EvidenceSample(ENVOY, Kind.SUMMARY, "X-Forwarded-Client-Cert", xfcc + ";URI=" + uri),
                new EvidenceSample(
                        ENVOY, Kind.VOUCHED_FOR, "X-Forwarded-Client-Cert", xfcc + ";Cert=\"" + pem + "\";URI=" + uri),
                new EvidenceSample(AWS, Kind.VOUCHED_FOR, "X-Amzn-Mtls-Clientcert-Leaf", pem),
                new EvidenceSample(AWS, Kind.UNVERIFIED, "X-Amzn-Mtls-Clientcert", pem),
                new EvidenceSample(PEM, Kind.VOUCHED_FOR, Map.of(), nginx.and("X-SSL-Client-Verify", "SUCCESS")),
                new EvidenceSample(PEM, Kind.UNVERIFIED, Map.of("MTLS_HEADER_PEM_VERIFY", ""), nginx),
                new EvidenceSample(RFC9440, Kind.VOUCHED_FOR, "Client-Cert", sequence),
                new EvidenceSample(SiteFlow.NAME, Kind.SUMMARY, SiteFlow.SUMMARY, uri),
                new EvidenceSample(SiteFlow.NAME, Kind.VOUCHED_FOR, SiteFlow.VOUCHED_FOR, base64),
                new EvidenceSample(SiteFlow.NAME, Kind.UNVERIFIED, SiteFlow.UNVERIFIED, base64));
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return kind + " of " + flow;
    }
}
