package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.HeaderFlow;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each flow that reads headers, with headers in its vendor's form, and with everything that is not that form. */
class HeaderSourcesTest {

    private static final String ID = "spiffe://example.org/robot";
    private static final String XFCC = "x-forwarded-client-cert";

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final TestAuthority intermediate = root.intermediate("Intermediate CA", 0);
    private final X509Certificate certificate =
            root.leaf("client").uri(ID).dns("robot.example.org").issue().certificate();
    private final X509Certificate admin =
            root.client("spiffe://example.org/admin").certificate();
    private final X509Certificate foreign =
            TestAuthority.root("Root CA").client(ID).certificate();

    private HeaderFlow source(CertificateSourceFactory factory) {
        return HeaderFlow.of(factory);
    }

    private HeaderFlow verifying(CertificateSourceFactory factory) {
        CertificateVerifier verifier = new CertificateVerifier(
                new TrustBundle(List.of(root.certificate()), List.of()), RevocationLists.NONE, Clock.systemUTC());
        return HeaderFlow.verifying(factory, verifier);
    }

    private static ClientCertificate read(HeaderFlow source, String... headers) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return source.read(all);
    }

    private static void assertRefused(HeaderFlow source, String... headers) {
        assertThatThrownBy(() -> read(source, headers))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT));
    }

    private void assertIsOurs(ClientCertificate read) {
        assertThat(read.spiffeId()).contains(new SpiffeId(ID));
        assertThat(read.dnsSans()).containsExactly("robot.example.org");
        assertThat(read.sha256()).contains(TestLoadBalancer.hash(certificate));
        assertThat(read.serialNumber()).contains(TestLoadBalancer.serial(certificate));
        assertThat(read.names().issuer().toString())
                .isEqualTo(certificate.getIssuerX500Principal().getName());
    }

    private static String base64(X509Certificate one) {
        try {
            return Base64.getEncoder().encodeToString(one.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(X509Certificate... all) {
        return TestAuthority.pem((Object[]) all);
    }

    /** As nginx escapes: everything but letters, digits and a few. */
    private static String escaped(X509Certificate... all) {
        return URLEncoder.encode(pem(all), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** As AWS escapes: +, = and / stay. */
    private static String awsEscaped(X509Certificate... all) {
        return escaped(all).replace("%2B", "+").replace("%3D", "=").replace("%2F", "/");
    }

    private static String hex(X509Certificate one) {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(TestLoadBalancer.hash(one)));
    }

    @Test
    void rfc9440_certificateAndChain_areRead() {
        HeaderFlow source = source(new Rfc9440Source.Factory());

        assertIsOurs(read(source, "client-cert", ":" + base64(certificate) + ":"));
        assertIsOurs(read(
                source,
                "Client-Cert",
                ":" + base64(certificate) + ":",
                "Client-Cert-Chain",
                ":" + base64(intermediate.certificate()) + ":, :" + base64(root.certificate()) + ":"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s", ":%s", "%s:", ":%s:;a=1", ":%s:, :%s:", "\":%s:\"", ":%s: ", ":%sAAAA:", "::", ":%%:"})
    void rfc9440_otherForms_areRefused(String form) {
        String value = form.replace("%s", base64(certificate));
        HeaderFlow source = source(new Rfc9440Source.Factory());

        assertRefused(source, "Client-Cert", value);
        assertRefused(source);
        assertRefused(source, "Client_Cert", ":" + base64(certificate) + ":");
        assertRefused(source, "Client-Cert", ":" + base64(certificate) + ":", "Client-Cert-Chain", "nonsense");
    }

    @Test
    void rfc9440_withTrustBundle_verifiesTheChain() {
        HeaderFlow source = verifying(new Rfc9440Source.Factory());
        X509Certificate below = intermediate.client(ID).certificate();
        String leaf = ":" + base64(below) + ":";

        assertIsOurs(read(source, "Client-Cert", ":" + base64(certificate) + ":"));
        assertThat(read(
                                source,
                                "Client-Cert",
                                leaf,
                                "Client-Cert-Chain",
                                ":" + base64(intermediate.certificate()) + ":")
                        .spiffeId())
                .isPresent();
        assertRefused(source, "Client-Cert", leaf);
        assertRefused(source, "Client-Cert", ":" + base64(foreign) + ":");
    }

    @Test
    void pem_asNginxHaproxyAndTraefikWriteIt_isRead() {
        HeaderFlow source = source(new PemSource.Factory());

        for (String value : List.of(
                escaped(certificate),
                awsEscaped(certificate),
                escaped(certificate) + "%0A".repeat(10_000),
                base64(certificate),
                base64(certificate) + "," + base64(root.certificate()))) {
            assertIsOurs(read(source, "X-SSL-Client-Cert", value, "X-SSL-Client-Verify", "SUCCESS"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "NONE", "FAILED:certificate has expired", "success", "SUCCESS ", "0", "SUCCESS,SUCCESS"})
    void pem_anyOtherVerdict_isRefused(String verdict) {
        assertRefused(
                source(new PemSource.Factory()),
                "X-SSL-Client-Cert",
                escaped(certificate),
                "X-SSL-Client-Verify",
                verdict);
    }

    @Test
    void pem_anythingElse_isRefused() {
        HeaderFlow source = source(new PemSource.Factory());

        for (String value : List.of(
                "",
                "-----BEGIN",
                pem(certificate),
                escaped(certificate) + "x",
                escaped(certificate).replace("%0A", ""),
                escaped(certificate).replace("%0A", "%0"),
                escaped(certificate).replace("%0A", "%\uff10A"),
                escaped(certificate).replace("CERTIFICATE", "TRUSTED"),
                base64(certificate) + ",",
                base64(certificate) + ", " + base64(root.certificate()),
                base64(certificate).substring(8),
                (base64(certificate) + ",").repeat(20) + base64(certificate),
                "A".repeat(70_000))) {
            assertRefused(source, "X-SSL-Client-Cert", value, "X-SSL-Client-Verify", "SUCCESS");
        }
        assertRefused(source, "X-SSL-Client-Cert", escaped(certificate));
    }

    @Test
    void alb_verifyMode_isReadAndItsSummaryMustAgree() {
        HeaderFlow source = source(new AwsLoadBalancerSource.Factory());
        String leaf = "X-Amzn-Mtls-Clientcert-Leaf";
        String serial = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        String validity = "NotBefore=" + certificate.getNotBefore().toInstant() + ";NotAfter="
                + certificate.getNotAfter().toInstant();

        assertIsOurs(read(source, leaf, awsEscaped(certificate)));
        assertIsOurs(read(
                source,
                leaf,
                awsEscaped(certificate),
                "X-Amzn-Mtls-Clientcert-Serial-Number",
                serial,
                "X-Amzn-Mtls-Clientcert-Validity",
                validity,
                "X-Amzn-Mtls-Clientcert-Subject",
                "CN=client",
                "X-Amzn-Mtls-Clientcert-Issuer",
                "CN=Root CA"));
        assertRefused(source, leaf, awsEscaped(admin), "X-Amzn-Mtls-Clientcert-Serial-Number", serial);
        assertRefused(
                source, leaf, awsEscaped(certificate), "X-Amzn-Mtls-Clientcert-Validity", validity.replace("20", "21"));
        assertRefused(source, "X-Amzn-Mtls-Clientcert-Serial-Number", serial);
        assertRefused(source, leaf, awsEscaped(certificate, root.certificate()));
    }

    @Test
    void alb_passthroughMode_needsATrustBundle() {
        String header = "X-Amzn-Mtls-Clientcert";

        assertRefused(source(new AwsLoadBalancerSource.Factory()), header, awsEscaped(certificate));
        HeaderFlow source = verifying(new AwsLoadBalancerSource.Factory());
        assertIsOurs(read(source, header, awsEscaped(certificate, root.certificate())));
        assertRefused(source, header, awsEscaped(foreign));
        assertRefused(source, header, awsEscaped(certificate), header + "-Leaf", awsEscaped(certificate));
    }

    @Test
    void envoy_wholeCertificate_isBelievedAndTheRestMustAgree() {
        HeaderFlow source = source(new EnvoySource.Factory());
        String whole = "By=spiffe://example.org/service;Hash=" + hex(certificate) + ";Cert=\"" + escaped(certificate)
                + "\";Chain=\"" + escaped(certificate) + "\";Subject=\"/C=US/CN=\\\"client\\\"\";URI=" + ID
                + ";DNS=robot.example.org";

        assertIsOurs(read(source, XFCC, whole));
        assertIsOurs(read(verifying(new EnvoySource.Factory()), XFCC, whole));
        assertRefused(
                verifying(new EnvoySource.Factory()), XFCC, whole.replace(escaped(certificate), escaped(foreign)));
        for (String issuer :
                List.of("Issuer=\"CN=Root CA,O=\\\"Example\\\"\"", "issuer=CN=Evil CA", "Issuer=", "ISSUER=\"\"")) {
            assertIsOurs(read(source, XFCC, whole.replace(";URI=", ";" + issuer + ";URI=")));
        }
        assertRefused(source, XFCC, whole.replace(hex(certificate), hex(admin)));
        assertRefused(source, XFCC, whole.replace("URI=" + ID, "URI=spiffe://example.org/admin"));
        assertRefused(source, XFCC, whole.replace("DNS=robot", "DNS=admin"));
        assertRefused(source, XFCC, whole.replace("Hash=" + hex(certificate) + ";", ""));
    }

    @Test
    void envoy_summaryAsInItsDocumentation_isRead() {
        String value = "By=http://frontend.example.com;Hash=" + hex(certificate)
                + ";Subject=\"/C=US/ST=CA/L=San Francisco/OU=Example/CN=Test Client\";Issuer=\"CN=Test CA\";URI=" + ID;

        ClientCertificate read = read(source(new EnvoySource.Factory()), XFCC, value);

        assertThat(read.spiffeId()).contains(new SpiffeId(ID));
        assertThat(read.sha256()).contains(TestLoadBalancer.hash(certificate));
        assertRefused(verifying(new EnvoySource.Factory()), XFCC, value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "URI=spiffe://example.org/robot",
                "Hash=%s;URI=spiffe://example.org/robot,Hash=%s;URI=spiffe://example.org/admin",
                "Hash=%s;URI=spiffe://example.org/robot;DNS=admin.example.org",
                "Hash=%s;URI=https://a;URI=spiffe://example.org/admin",
                "Hash=%s;URI=spiffe://example.org/admin;x",
                "Hash=%s;URI=spiffe://example.org/admin;Subject=\"\"",
                "Hash=%s;Hash=%s;URI=spiffe://example.org/robot",
                "Hash=%s;Issuer=\"CN=a\";Issuer=\"CN=a\";URI=spiffe://example.org/robot",
                "Hash=%s;Issuer=\"CN=a\";issuer=;URI=spiffe://example.org/robot",
                "Hash=%s;Issuer=CN=a,O=b;URI=spiffe://example.org/robot",
                "{\"Hash\":\"%s\",\"URI\":[\"spiffe://example.org/robot\"]}",
                "[{\"Hash\":\"%s\",\"URI\":[\"spiffe://example.org/robot\"]}]",
                "Hash=%s;Subject=\"CN=a;URI=spiffe://example.org/robot",
                "Hash=%s;Subject=a\"b;URI=spiffe://example.org/robot",
                "Hash=%s;Subject=\"a\"b;URI=spiffe://example.org/robot",
                "Hash=%s;Subject=\"a\\\\\";URI=https://a\";URI=spiffe://example.org/admin",
                "Hash=%s;Subject=\"a\";URI=\"spiffe://example.org/admin\"",
                "Hash=;URI=spiffe://example.org/robot",
                "Hash=%s0;URI=spiffe://example.org/robot",
                "Hash=%s;URI",
                "Hash=%s;",
                "Hash=%s;Role=admin;URI=spiffe://example.org/robot",
                ",",
                ";",
                "=",
                "\"",
            })
    void envoy_anythingAmbiguous_isRefused(String value) {
        assertRefused(source(new EnvoySource.Factory()), XFCC, value.replace("%s", hex(certificate)));
    }
}
