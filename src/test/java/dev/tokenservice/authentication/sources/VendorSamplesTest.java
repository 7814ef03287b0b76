package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.HeaderFlow;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.RefusedException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The values that standards and vendors print in their own documents, to the letter. */
class VendorSamplesTest {

    /** RFC 9440 appendix A, figure 2; RFC 9421 appendix B.3 signs it. Its one name is an email address. */
    private static final String RFC9440_LEAF = "MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBB"
            + "dXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0x"
            + "CzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3Y"
            + "C8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED"
            + "2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqG"
            + "SM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4h"
            + "BVZ1yhk=";

    /** The intermediate authority of the same appendix. */
    private static final String RFC9440_INTERMEDIATE = "MIIB5jCCAYugAwIBAgIBFjAKBggqhkjOPQQDAjBWMQswCQYDVQQGEwJV"
            + "UzEbMBkGA1UECgwSTGV0J3MgQXV0aGVudGljYXRlMSowKAYDVQQDDCFMZXQncyBBdXRoZW50aWNhdGUgUm9vdCBBdXRob3JpdHkw"
            + "HhcNMjAwMTE0MjEzMjMwWhcNMzAwMTExMjEzMjMwWjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxB"
            + "IEludGVybWVkaWF0ZSBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJf+aA54RC5pyLAR5yfXVYmNpgd+CGUTDp2KOGhc0gK9"
            + "1zxhHesEYkdXkpS2UN8Kati+yHtWCV3kkhCngGyv7RqjZjBkMB0GA1UdDgQWBBRm3WjLa38lbEYCuiCPct0ZaSED2DAfBgNVHSME"
            + "GDAWgBTEA2Q6eecKu9g9yb5glbkhhVINGDASBgNVHRMBAf8ECDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBhjAKBggqhkjOPQQDAgNJ"
            + "ADBGAiEA5pLvaFwRRkxomIAtDIwg9D7gC1xzxBl4r28EzmSO1pcCIQCJUShpSXO9HDIQMUgH69fNDEMHXD3RRX5gP7kuu2KGMg==";

    /** Envoy, "HTTP header manipulation", x-forwarded-client-cert: the hash of its examples. */
    private static final String ENVOY_HASH = "468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688";

    private static ClientCertificate read(CertificateSourceFactory factory, String... headers) {
        Map<String, String> lines = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            lines.put(headers[i], headers[i + 1]);
        }
        return HeaderFlow.of(factory).read(lines);
    }

    private static void assertIsTheOneOfTheRfc(ClientCertificate read) {
        assertThat(read.serialNumber()).contains("07");
        assertThat(read.notBefore()).contains(Instant.parse("2020-01-14T22:55:33Z"));
        assertThat(read.notAfter()).contains(Instant.parse("2021-01-23T22:55:33Z"));
        assertThat(read.names().issuer().toString()).isEqualTo("CN=LA Intermediate CA,O=Let's Authenticate");
        assertThat(read.dnsSans()).isEmpty();
        assertThat(read.uriSans()).isEmpty();
    }

    @Test
    void rfc9440_figures2And3_areRead() {
        String leaf = ":" + RFC9440_LEAF + ":";

        assertIsTheOneOfTheRfc(read(new Rfc9440Source.Factory(), "Client-Cert", leaf));
        assertIsTheOneOfTheRfc(read(
                new Rfc9440Source.Factory(),
                "Client-Cert",
                leaf,
                "Client-Cert-Chain",
                ":" + RFC9440_INTERMEDIATE + ":, :" + RFC9440_INTERMEDIATE + ":"));
    }

    /** Traefik's PassTLSClientCert, and Cloudflare's Cf-Client-Cert-Der-Base64: the body of the PEM alone. */
    @Test
    void traefik_pemWithoutDelimiters_isRead() {
        for (String value : List.of(RFC9440_LEAF, RFC9440_LEAF + "," + RFC9440_INTERMEDIATE)) {
            assertIsTheOneOfTheRfc(
                    read(new PemSource.Factory(), "X-SSL-Client-Verify", "SUCCESS", "X-SSL-Client-Cert", value));
        }
    }

    /** nginx, ngx_http_ssl_module: {@code $ssl_client_escaped_cert} is the PEM, URL-encoded; these are its verdicts. */
    @Test
    void nginx_escapedPemAndItsVerdicts_areRead() {
        String escaped = pem().replace(" ", "%20")
                .replace("\n", "%0A")
                .replace("+", "%2B")
                .replace("/", "%2F")
                .replace("=", "%3D");

        assertIsTheOneOfTheRfc(
                read(new PemSource.Factory(), "X-SSL-Client-Verify", "SUCCESS", "X-SSL-Client-Cert", escaped));
        for (String verdict :
                List.of("NONE", "FAILED:certificate has expired", "FAILED:unable to verify the first certificate")) {
            assertThatThrownBy(() ->
                            read(new PemSource.Factory(), "X-SSL-Client-Verify", verdict, "X-SSL-Client-Cert", escaped))
                    .isInstanceOf(RefusedException.class);
        }
    }

    private static String pem() {
        String body = RFC9440_LEAF
                .chars()
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining())
                .replaceAll("(.{64})", "$1\n");
        return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    }

    /** Elastic Load Balancing, "HTTP headers for verify mode": the serial number 03A5B1, {@code +=/} as safe characters. */
    @Test
    void aws_headersOfVerifyMode_areReadAndMustAgree() {
        String leaf = pem().replace(" ", "%20").replace("\n", "%0A");
        String validity = "NotBefore=2020-01-14T22:55:33Z;NotAfter=2021-01-23T22:55:33Z";

        assertIsTheOneOfTheRfc(read(
                new AwsLoadBalancerSource.Factory(),
                "X-Amzn-Mtls-Clientcert-Serial-Number",
                "07",
                "X-Amzn-Mtls-Clientcert-Issuer",
                "CN=LA Intermediate CA,O=Let's Authenticate",
                "X-Amzn-Mtls-Clientcert-Subject",
                "CN=BC",
                "X-Amzn-Mtls-Clientcert-Validity",
                validity,
                "X-Amzn-Mtls-Clientcert-Leaf",
                leaf));
        assertThatThrownBy(() -> read(
                        new AwsLoadBalancerSource.Factory(),
                        "X-Amzn-Mtls-Clientcert-Serial-Number",
                        "03A5B1",
                        "X-Amzn-Mtls-Clientcert-Leaf",
                        leaf))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> read(
                        new AwsLoadBalancerSource.Factory(),
                        "X-Amzn-Mtls-Clientcert-Validity",
                        "NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z",
                        "X-Amzn-Mtls-Clientcert-Leaf",
                        leaf))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void envoy_exampleWithUriOnly_isRead() {
        ClientCertificate read = read(
                new EnvoySource.Factory(),
                "x-forwarded-client-cert",
                "By=http://frontend.lyft.com;Hash=" + ENVOY_HASH
                        + ";Subject=\"/C=US/ST=CA/L=San Francisco/OU=Lyft/CN=Test Client\";URI=http://testclient.lyft.com");

        assertThat(read.uriSans()).containsExactly("http://testclient.lyft.com");
        assertThat(read.sha256()).contains("Ro7TO+dO7mVW2QwBScEwnpumHWQlMDRDwHSKAt2N5og");
    }

    @Test
    void envoy_exampleWithTwoCertificates_isRefused() {
        String appended = "By=http://frontend.lyft.com;Hash=" + ENVOY_HASH + ";URI=http://testclient.lyft.com,"
                + "By=http://backend.lyft.com;Hash=9ba61d6425303443c0748a02dd8de688468ed33be74eee6556d90c0149c1309e;"
                + "URI=http://frontend.lyft.com";

        assertThatThrownBy(() -> XfccElement.parse(appended))
                .isInstanceOf(MalformedCertificateException.class)
                .hasMessageContaining("more than one element");
    }

    /** Names cannot be believed without the certificate, as the URI before them may hold what looks like one. */
    @Test
    void envoy_exampleWithUriAndDns_isParsedAndNotBelieved() {
        String both = "By=http://frontend.lyft.com;Hash=" + ENVOY_HASH
                + ";Subject=\"/C=US/ST=CA/L=San Francisco/OU=Lyft/CN=Test Client\";URI=http://testclient.lyft.com;"
                + "DNS=lyft.com;DNS=www.lyft.com";

        assertThat(XfccElement.parse(both).all("dns")).containsExactly("lyft.com", "www.lyft.com");
        assertThatThrownBy(() -> read(new EnvoySource.Factory(), "x-forwarded-client-cert", both))
                .isInstanceOf(RefusedException.class);
    }
}
