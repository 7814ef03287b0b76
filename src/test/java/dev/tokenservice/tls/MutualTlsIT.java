package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Reencoded;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import dev.tokenservice.testing.TlsClient;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS that the service terminates itself: which certificates get a token, and what the others learn. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutualTlsIT {

    private static final String ID = "spiffe://example.org/robot";

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final TestAuthority known = root.intermediate("Known CA", 0);
    private final TestAuthority unknown = root.intermediate("Unknown CA", 0);
    private final TestAuthority foreign = TestAuthority.root("Foreign CA");
    private final Identity revoked = root.client("spiffe://example.org/revoked");
    private Path folder;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path files) {
        folder = files;
        service = TestService.start(variables("mtls-client-credentials,xlb-mtls-client-credentials"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /** The load balancer's summary is believed; what clients present themselves is verified all the same. */
    private Map<String, String> variables(String flows) {
        Identity server = root.server();
        return new HashMap<>(Map.of(
                "AUTH_FLOWS",
                flows,
                "MTLS_PORT",
                "0",
                "MTLS_VERIFY_FORWARDED",
                "false",
                "MTLS_CERTIFICATE",
                TestAuthority.write(folder.resolve("tls.crt"), server.certificate())
                        .toString(),
                "MTLS_PRIVATE_KEY",
                TestAuthority.write(folder.resolve("tls.key"), server.key()).toString(),
                "MTLS_TRUST_BUNDLE",
                TestAuthority.write(folder.resolve("ca.crt"), root.certificate(), known.certificate())
                        .toString(),
                "MTLS_CRL",
                TestAuthority.write(
                                folder.resolve("ca.crl"),
                                root.revoke(Duration.ofDays(1), revoked.certificate()),
                                known.revoke(Duration.ofDays(1)),
                                unknown.revoke(Duration.ofDays(1)))
                        .toString()));
    }

    private TlsClient client(Identity identity) {
        return TlsClient.of(root.certificate(), Optional.of(identity));
    }

    private Response token(Identity identity) {
        return client(identity).token(service.tlsPort(), Headers.NONE);
    }

    private void assertRefused(Identity identity, String reason) {
        Response answer = token(identity);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("error")).isEqualTo("invalid_client");
        assertThat(answer.text("error_description")).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void token_goodCertificate_isIssuedWithItsAttributes(String protocol) {
        Identity identity = root.leaf("client")
                .uri(ID)
                .uri("urn:x")
                .dns("robot.example.org")
                .purposes(KeyPurposeId.id_kp_clientAuth)
                .issue();

        TestToken token =
                TestToken.of(service, client(identity).speaking(protocol).token(service.tlsPort(), Headers.NONE));

        assertThat(token.claim("sub")).isEqualTo(ID);
        assertThat(token.claim("iss")).isEqualTo("https://localhost:" + service.tlsPort());
        assertThat(token.claims().path("amr").path(0).asText()).isEqualTo("mtls-client-credentials");
        assertThat(token.attribute("x5_sha256")).isEqualTo(TestLoadBalancer.hash(identity.certificate()));
        assertThat(token.attribute("x5_serial"))
                .isEqualTo(TestLoadBalancer.serial(identity.certificate()))
                .startsWith("00:f");
        assertThat(token.attribute("x5_dnssan")).isEqualTo("robot.example.org");
        assertThat(token.attribute("x5_urisan")).isEqualTo("urn:x");
    }

    @Test
    void token_certificateOfAnIntermediate_isIssuedWhereTheChainIsKnownOrSent() {
        assertThat(token(known.client(ID)).status()).isEqualTo(200);
        assertThat(token(unknown.client(ID).with(unknown.certificate())).status())
                .isEqualTo(200);
        assertThat(token(unknown.client(ID).with(root.certificate(), unknown.certificate()))
                        .status())
                .isEqualTo(200);
        assertRefused(unknown.client(ID), "trusted authority");
    }

    @Test
    void token_certificateThatIsNotToBeTrusted_isRefusedWithItsReason() {
        Instant now = Instant.now();
        assertRefused(foreign.client(ID), "trusted authority");
        assertRefused(foreign.client(ID).with(root.certificate()), "trusted authority");
        assertRefused(root.leaf("client").uri(ID).selfSigned(), "trusted authority");
        assertRefused(revoked, "revoked");
        assertRefused(
                root.leaf("client")
                        .uri(ID)
                        .valid(now.minusSeconds(7200), now.minusSeconds(3600))
                        .issue(),
                "expired");
        assertRefused(
                root.leaf("client")
                        .uri(ID)
                        .valid(now.plusSeconds(600), now.plusSeconds(3600))
                        .issue(),
                "not valid yet");
        assertRefused(
                root.leaf("client")
                        .uri(ID)
                        .purposes(KeyPurposeId.id_kp_serverAuth)
                        .issue(),
                "client authentication");
        assertRefused(
                root.leaf("client").purposes(KeyPurposeId.id_kp_clientAuth).issue(), "SPIFFE ID");
    }

    @Test
    void token_certificateEncodedInAnotherWay_isRefused() throws Exception {
        Identity good = root.client(ID);
        int tried = 0;
        for (byte[] der : Reencoded.variants(good.certificate()).values()) {
            try {
                X509Certificate variant = Reencoded.parsed(der);
                if (!variant.equals(good.certificate())) {
                    assertRefused(new Identity(good.key(), List.of(variant)), "malformed");
                    tried++;
                }
            } catch (CertificateException e) {
                // The handshake would end with it.
                assertThat(e).isNotNull();
            }
        }
        assertThat(tried).isPositive();
        assertThat(token(good).status()).isEqualTo(200);
    }

    @Test
    void token_certificateThatMayActAsAuthority_isRefused() {
        assertRefused(root.leaf("client").uri(ID).authority(-1).issue(), "client authentication");
        assertRefused(
                root.leaf("client")
                        .uri(ID)
                        .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign | KeyUsage.digitalSignature))
                        .issue(),
                "client authentication");
        assertRefused(root.client("spiffe://example.org"), "SPIFFE ID");
        assertRefused(root.leaf("client").uri(ID).uri(ID).issue(), "SPIFFE ID");
    }

    @Test
    void token_uriWithoutHostBelowUriConstraints_isRefusedAndLoggedWithItsCause() {
        TestAuthority narrow = root.intermediate(
                "Narrow CA",
                content -> content.extension(
                        Extension.nameConstraints,
                        true,
                        new NameConstraints(
                                new GeneralSubtree[] {
                                    new GeneralSubtree(
                                            new GeneralName(GeneralName.uniformResourceIdentifier, "example.org"))
                                },
                                null)));
        Identity client = narrow.leaf("client").uri(ID).uri("urn:dev:7").issue().with(narrow.certificate());

        try (TestLog log = new TestLog()) {
            assertRefused(client, "trusted authority");
            assertThat(TestLog.fields(log.audit().get(0)).get("detail"))
                    .contains("(the client's, CN=client) breaks the name constraints of certificate 2 of 3")
                    .contains("'urn:dev:7'");
        }
    }

    @Test
    void token_chainThatBreaksItsConstraints_isRefused() {
        TestAuthority tooDeep = known.intermediate("Too deep", -1);
        assertRefused(tooDeep.client(ID).with(tooDeep.certificate()), "trusted authority");
        TestAuthority servers = root.intermediate("Servers only", 0, KeyPurposeId.id_kp_serverAuth);
        assertRefused(servers.client(ID).with(servers.certificate()), "trusted authority");
    }

    @Test
    void token_slightlyEarlyCertificate_isIssuedAsClocksDiffer() {
        Instant now = Instant.now();
        assertThat(token(root.leaf("client")
                                .uri(ID)
                                .valid(now.plusSeconds(30), now.plusSeconds(3600))
                                .issue())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void request_withoutCertificate_readsDiscoveryAndGetsNoToken() {
        TlsClient anonymous = TlsClient.of(root.certificate(), Optional.empty());

        Response discovery = anonymous.send(service.tlsPort(), Request.get("/.well-known/openid-configuration"));
        assertThat(discovery.status()).isEqualTo(200);
        assertThat(discovery.text("issuer")).isEqualTo("https://localhost:" + service.tlsPort());
        Response refused = anonymous.token(service.tlsPort(), Headers.NONE);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text("error_description")).contains("send a client certificate");
    }

    @Test
    void token_certificateHeadersOverTls_areRefusedAndNotIgnored() {
        Identity identity = root.client(ID);
        Headers forged = TestLoadBalancer.verified(
                root.client("spiffe://example.org/admin").certificate());

        try (TestLog log = new TestLog()) {
            assertThat(client(identity).token(service.tlsPort(), forged).status())
                    .isEqualTo(401);
            assertThat(TestLog.fields(log.audit().get(0)).get("detail")).contains("over the TLS port");
        }
        for (Headers.Header header : forged.all()) {
            assertThat(client(identity)
                            .token(service.tlsPort(), Headers.NONE.and(header.name(), header.value()))
                            .status())
                    .as(header.name())
                    .isEqualTo(401);
            assertThat(client(identity)
                            .token(
                                    service.tlsPort(),
                                    Headers.NONE.and(header.name().replace('-', '_'), ""))
                            .status())
                    .as(header.name())
                    .isEqualTo(401);
        }
    }

    @Test
    void token_overThePlainPort_comesFromHeadersOnly() {
        Headers headers = TestLoadBalancer.verified(root.client(ID).certificate());
        TestToken token = TestToken.of(service, service.token(headers));

        assertThat(token.claims().path("amr").path(0).asText()).isEqualTo("xlb-mtls-client-credentials");
        // A scheme in the request line makes no TLS connection.
        assertThat(Http.send(
                                service.port(),
                                TestService.tokenRequest(Headers.NONE).header("Host", "localhost"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void token_plainPortWithoutHeaderFlow_isRefused() {
        try (TestService tlsOnly = TestService.start(variables("mtls-client-credentials"))) {
            Response refused =
                    tlsOnly.token(TestLoadBalancer.verified(root.client(ID).certificate()));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text("error_description")).contains("TLS port");
            assertThat(client(root.client(ID))
                            .token(tlsOnly.tlsPort(), Headers.NONE)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void start_identityAndBundleInPkcs12_serveAndVerify() throws Exception {
        char[] password = "a password".toCharArray();
        Identity server = root.server();
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(null, null);
        identity.setKeyEntry("server", server.key(), password, server.chain().toArray(X509Certificate[]::new));
        KeyStore bundle = KeyStore.getInstance("PKCS12");
        bundle.load(null, null);
        bundle.setCertificateEntry("root", root.certificate());
        Map<String, String> variables = new HashMap<>(Map.of(
                "AUTH_FLOWS",
                "mtls-client-credentials",
                "MTLS_PORT",
                "0",
                "MTLS_CERTIFICATE",
                store(identity, "server.p12", password).toString(),
                "MTLS_TRUST_BUNDLE",
                store(bundle, "clients.p12", password).toString(),
                "MTLS_PRIVATE_KEY_PASSWORD",
                new String(password)));
        try (TestService stores = TestService.start(variables)) {
            assertThat(client(root.client(ID))
                            .token(stores.tlsPort(), Headers.NONE)
                            .status())
                    .isEqualTo(200);
            assertThat(client(foreign.client(ID))
                            .token(stores.tlsPort(), Headers.NONE)
                            .status())
                    .isEqualTo(401);
        }
        variables.put("MTLS_PRIVATE_KEY_PASSWORD", "another password");
        assertThatThrownBy(() -> TestService.start(variables))
                .hasStackTraceContaining("MTLS_PRIVATE_KEY_PASSWORD")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("another password"));
    }

    private Path store(KeyStore store, String name, char[] password) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream output = Files.newOutputStream(file)) {
            store.store(output, password);
        }
        return file;
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void token_proxyKnownByItsCertificate_speaksForOthersAndNeverForItself() {
        Map<String, String> variables = variables("mtls-client-credentials,xlb-mtls-client-credentials");
        variables.put("PROXY_CERTIFICATES", "spiffe://example.org/proxy,proxy.example.org");
        Identity proxy = root.client("spiffe://example.org/proxy");
        Headers spoken = TestLoadBalancer.verified(root.client(ID).certificate());
        try (TestService proxied = TestService.start(variables)) {
            int port = proxied.tlsPort();
            assertThat(TestToken.of(proxied, client(proxy).token(port, spoken)).claim("sub"))
                    .isEqualTo(ID);
            assertThat(client(root.leaf("p").dns("proxy.example.org").issue())
                            .token(port, spoken)
                            .status())
                    .isEqualTo(200);
            assertThat(client(proxy).token(port, Headers.NONE).status()).isEqualTo(401);
            assertThat(client(foreign.client("spiffe://example.org/proxy"))
                            .token(port, spoken)
                            .status())
                    .isEqualTo(401);
            assertThat(client(root.client(ID)).token(port, spoken).status()).isEqualTo(401);
            assertThat(client(root.client(ID)).token(port, Headers.NONE).status())
                    .isEqualTo(200);
            assertThat(proxied.token(spoken).status()).isEqualTo(401);
        }
    }

    @Test
    void connection_keptAlive_isJudgedForEachRequest() throws Exception {
        try (SSLSocket socket = client(root.client(ID)).open(service.tlsPort())) {
            for (int i = 0; i < 3; i++) {
                String request =
                        "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded"
                                + "\r\nContent-Length: 29\r\n" + (i == 1 ? "X-Client-Cert-Present: true\r\n" : "")
                                + "\r\ngrant_type=client_credentials";
                socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(Http.read(socket.getInputStream(), "POST").status()).isEqualTo(i == 1 ? 401 : 200);
            }
        }
    }
}
