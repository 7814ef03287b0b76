package dev.tokenservice.authentication;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

/** The names in a certificate: as claims, and as client id. */
class ClientNamesIT {

    private static final String FLOW = "rfc9440-mtls-client-credentials";
    private static final TestAuthority ROOT = TestAuthority.root("Root CA");

    private static TestService service(String clientId) {
        return TestService.start(Map.of("AUTH_FLOWS", FLOW, "CLIENT_ID", clientId));
    }

    private static Headers shown(X509Certificate certificate) {
        return Headers.NONE.and("Client-Cert", ":" + base64(certificate) + ":");
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate named(RDN... subject) {
        return ROOT.leaf(new X500Name(subject)).issue().certificate();
    }

    private static RDN cn(String value) {
        return new RDN(BCStyle.CN, new DERUTF8String(value));
    }

    private static JsonNode client(TestService service, X509Certificate certificate) {
        return TestToken.of(service, service.token(shown(certificate))).claims().path("client");
    }

    @Test
    void claims_ofTheCertificateItself_tellItsNames() {
        X509Certificate certificate = ROOT.leaf(new X500Name("O=Example,OU=Line 1,CN=Smith\\, J\u00fcrgen"))
                .name(new GeneralName(GeneralName.rfc822Name, "robot@example.org"))
                .issue()
                .certificate();
        try (TestService service = service("SHA256");
                TestLog log = new TestLog()) {
            JsonNode client = client(service, certificate);

            assertThat(client.path("x5_subject").textValue())
                    .isEqualTo("CN=Smith\\, J\\C3\\BCrgen,OU=Line 1,O=Example");
            assertThat(client.path("x5_issuer").textValue()).isEqualTo("CN=Root CA");
            assertThat(client.path("x5_cn").textValue()).isEmpty();
            assertThat(client.path("x5_email").textValue()).isEqualTo("robot@example.org");
            assertThat(client.path("authority").textValue()).isEqualTo("default");
            assertThat(log.text(Level.INFO)).contains("CN=Smith\\, J\\C3\\BCrgen,OU=Line 1,O=Example");
        }
    }

    @Test
    void claims_severalOrNone_areEmpty() {
        X509Certificate several = ROOT.leaf(new X500Name(new RDN[] {cn("a"), cn("b")}))
                .name(new GeneralName(GeneralName.rfc822Name, "a@example.org"))
                .name(new GeneralName(GeneralName.rfc822Name, "b@example.org"))
                .issue()
                .certificate();
        try (TestService service = service("sha256")) {
            JsonNode client = client(service, several);
            assertThat(client.path("x5_cn").textValue()).isEmpty();
            assertThat(client.path("x5_email").textValue()).isEmpty();
            assertThat(client.path("x5_subject").textValue()).isEqualTo("CN=b,CN=a");

            JsonNode none = client(service, named(new RDN(BCStyle.O, new DERUTF8String("Example"))));
            assertThat(none.path("x5_cn").textValue()).isEmpty();
            assertThat(none.path("x5_email").textValue()).isEmpty();
        }
    }

    @Test
    void clientId_commonName_isTheOnlyOne() {
        try (TestService service = service("cn");
                TestLog log = new TestLog()) {
            assertClientId(service, named(cn("robot-7")), "robot-7");
            assertClientId(service, named(cn("Smith, John + 1")), "Smith, John + 1");
            assertClientId(service, named(new RDN(BCStyle.CN, new DERBMPString("robot-8"))), "robot-8");

            assertRefused(service, named(cn("a"), cn("b")), "several values of common name");
            assertThat(log.text(Level.INFO))
                    .contains("ambiguous_client_id")
                    .contains("CLIENT_ID makes the common name");
            assertRefused(service, named(new RDN(BCStyle.O, new DERUTF8String("x"))), "no common name");
            assertThat(log.text(Level.INFO)).contains("no_client_id");
            assertRefused(service, named(cn("")), "is empty");
            assertRefused(service, named(cn("r\u00f6bot")), "non-ASCII");
            assertRefused(service, named(cn("robot\n")), "control");
            assertRefused(service, named(cn("robot\u0000.evil")), "control");
            assertRefused(service, named(cn("spiffe://example.org/admin")), "begins with spiffe:");
            assertRefused(service, named(cn("SPIFFE://example.org/admin")), "begins with spiffe:");
        }
    }

    @Test
    void clientId_subject_isTheWholeNameInRfc4514() {
        try (TestService service = service("Subject")) {
            assertClientId(
                    service, named(new RDN(BCStyle.O, new DERUTF8String("a,b")), cn("\u00fc")), "CN=\\C3\\BC,O=a\\,b");
        }
    }

    @Test
    void clientId_emailAndSerial_areThoseOfTheCertificate() {
        X509Certificate certificate = ROOT.leaf("c")
                .name(new GeneralName(GeneralName.rfc822Name, "robot@example.org"))
                .issue()
                .certificate();
        try (TestService email = service("email");
                TestService serial = service("serial")) {
            assertClientId(email, certificate, "robot@example.org");
            assertClientId(serial, certificate, TestLoadBalancer.serial(certificate));
            assertRefused(email, named(cn("robot@example.org")), "no e-mail SAN");
        }
    }

    @Test
    void clientId_severalSpiffeIds_areAmbiguous() {
        TestAuthority.Builder one = ROOT.leaf("c").uri("spiffe://example.org/a");
        try (TestService service = service("spiffe");
                TestLog log = new TestLog()) {
            assertRefused(
                    service, one.uri("spiffe://example.org/b").issue().certificate(), "several values of SPIFFE ID");
            assertThat(log.text(Level.INFO)).contains("reason_code=\"ambiguous_client_id\"");
            assertRefused(service, named(cn("c")), "no SPIFFE ID");
        }
    }

    private static void assertClientId(TestService service, X509Certificate certificate, String id) {
        TestToken token = TestToken.of(service, service.token(shown(certificate)));
        assertThat(token.claim("client_id")).isEqualTo(id);
        assertThat(token.claim("sub")).isEqualTo(id);
    }

    private static void assertRefused(TestService service, X509Certificate certificate, String description) {
        Response answer = service.token(shown(certificate));
        assertError(answer, 401, "invalid_client");
        assertThat(answer.text("error_description")).contains(description);
    }

    @Test
    void sans_emailThatIsNotPrintable_isRefused() {
        X509Certificate odd = ROOT.leaf("c")
                .uri("urn:a")
                .name(new GeneralName(GeneralName.rfc822Name, "a\n@example.org"))
                .issue()
                .certificate();
        try (TestService service = service("uri")) {
            assertError(service.token(shown(odd)), 401, "invalid_client");
        }
    }

    @Test
    void token_ofManyLongNames_isRefusedWithItsSize() {
        TestAuthority.Builder many = ROOT.leaf("many").uri("spiffe://example.org/many");
        for (int i = 0; i < 60; i++) {
            many = many.dns("a".repeat(200) + i + ".example.org");
        }
        try (TestService service = service("spiffe")) {
            Response answer = service.token(shown(many.issue().certificate()));
            assertError(answer, 400, "invalid_request");
            assertThat(answer.text("error_description")).contains("16384");
        }
    }

    @Test
    void google_namesInDer_areReadAsThoseOfTheCertificate() {
        X509Certificate certificate = ROOT.leaf(new X500Name("O=Example,CN=robot-7"))
                .uri("spiffe://example.org/robot/7")
                .issue()
                .certificate();
        Map<String, String> variables = Map.of(
                "CLIENT_ID", "cn",
                "MTLS_HEADER_CLIENT_CERT_SUBJECT_DN", "X-Client-Cert-Subject",
                "MTLS_HEADER_CLIENT_CERT_ISSUER_DN", "X-Client-Cert-Issuer");
        Headers summary = TestLoadBalancer.verified(certificate);
        Headers told = summary.and("X-Client-Cert-Subject", der(certificate.getSubjectX500Principal()))
                .and("X-Client-Cert-Issuer", der(certificate.getIssuerX500Principal()));
        try (TestService service = TestService.start(variables)) {
            TestToken token = TestToken.of(service, service.token(told));
            assertThat(token.claim("client_id")).isEqualTo("robot-7");
            assertThat(token.attribute("x5_subject")).isEqualTo("CN=robot-7,O=Example");
            assertThat(token.attribute("x5_issuer")).isEqualTo("CN=Root CA");
            assertThat(token.attribute("x5_email")).isEmpty();

            assertError(service.token(summary), 401, "invalid_client");
            assertError(service.token(told.with("X-Client-Cert-Subject", "")), 401, "invalid_client");
            assertError(service.token(told.with("X-Client-Cert-Subject", "CN=admin")), 401, "invalid_client");
            assertError(service.token(told.with("X-Client-Cert-Subject", "MAA=MAA=")), 401, "invalid_client");
            assertError(service.token(told.and("X-Client-Cert-Subject", "MAA=")), 401, "invalid_client");
        }
    }

    @Test
    void google_namesBesideTheCertificate_mustAgreeWithIt() {
        X509Certificate certificate =
                ROOT.client("spiffe://example.org/robot/7").certificate();
        Map<String, String> variables = Map.of(
                "MTLS_HEADER_CLIENT_CERT_LEAF",
                "X-Leaf",
                "MTLS_HEADER_CLIENT_CERT_SUBJECT_DN",
                "X-Client-Cert-Subject");
        Headers told = TestLoadBalancer.verified(certificate).and("X-Leaf", ":" + base64(certificate) + ":");
        try (TestService service = TestService.start(variables)) {
            Headers same = told.and("X-Client-Cert-Subject", der(certificate.getSubjectX500Principal()));
            assertThat(service.token(same).status()).isEqualTo(200);
            assertError(
                    service.token(told.and("X-Client-Cert-Subject", der(new X500Principal("CN=admin")))),
                    401,
                    "invalid_client");
        }
    }

    private static String der(X500Principal name) {
        return Base64.getEncoder().encodeToString(name.getEncoded());
    }
}
