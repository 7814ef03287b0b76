package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestProxy;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import dev.tokenservice.testing.TlsClient;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HAProxy and nginx, as they are, with real mutual TLS, and clients that try to pass for others. */
@Tag("other-programs")
class RealProxyIT {

    private static final String ID = "spiffe://example.org/robot";
    private static final String CERTIFICATE = "X-SSL-Client-Cert";
    private static final String VERIFY = "X-SSL-Client-Verify";
    private static final String SECRET = "X-Token-Service-Proxy";

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final Identity good = root.client(ID);
    private final Identity revoked = root.client("spiffe://example.org/revoked");
    private final X509Certificate admin =
            root.client("spiffe://example.org/admin").certificate();

    @Test
    void haproxy_goodBadAndForgedRequests_giveTokensForTheClientItselfOnly() {
        Programs.require("haproxy");
        run("0", TestProxy::haproxy, base64(admin));
    }

    @Test
    void nginx_goodBadAndForgedRequests_giveTokensForTheClientItselfOnly() {
        Programs.require("nginx");
        String escaped = URLEncoder.encode(TestAuthority.pem(admin), StandardCharsets.UTF_8)
                .replace("+", "%20");
        run("SUCCESS", TestProxy::nginx, escaped);
    }

    private void run(String goodValue, BiFunction<Path, Integer, TestProxy> starter, String forged) {
        write();
        try (TestService service = TestService.start(Map.of(
                        "AUTH_FLOWS",
                        "pem-mtls-client-credentials",
                        "MTLS_HEADER_PEM_VERIFIED_VALUE",
                        goodValue,
                        "PROXY_SECRET",
                        TestProxy.SECRET));
                TestProxy proxy = starter.apply(folder, service.port())) {
            Response answer = client(Optional.of(good)).token(proxy.port(), Headers.NONE);
            assertThat(TestToken.of(service, answer).claim("sub")).isEqualTo(ID);
            assertThat(client(Optional.empty())
                            .send(proxy.port(), Request.get("/.well-known/openid-configuration"))
                            .status())
                    .isEqualTo(200);
            assertNoTokenForBadCertificates(proxy, forgeries(goodValue, forged));
            assertNoTokenForOthers(service, proxy, forgeries(goodValue, forged));
        }
    }

    private void write() {
        Identity server = root.server();
        TestAuthority.write(folder.resolve("tls.pem"), server.certificate(), server.key());
        TestAuthority.write(folder.resolve("tls.crt"), server.certificate());
        TestAuthority.write(folder.resolve("tls.key"), server.key());
        TestAuthority.write(folder.resolve("clients.crt"), root.certificate());
        TestAuthority.write(folder.resolve("clients.crl"), root.revoke(Duration.ofDays(1), revoked.certificate()));
    }

    private TlsClient client(Optional<Identity> identity) {
        return TlsClient.of(root.certificate(), identity);
    }

    /** Not by themselves, and not with anything that they say of themselves. */
    private void assertNoTokenForBadCertificates(TestProxy proxy, List<Headers> forgeries) {
        for (Optional<Identity> identity : bad()) {
            assertThat(client(identity).token(proxy.port(), Headers.NONE).status())
                    .isIn(400, 401);
            for (Headers headers : forgeries) {
                assertThat(answer(identity, proxy, headers).status())
                        .as(headers.toString())
                        .isNotEqualTo(200);
            }
        }
    }

    private List<Optional<Identity>> bad() {
        Instant now = Instant.now();
        TestAuthority foreign = TestAuthority.root("Foreign CA");
        TestAuthority past =
                root.intermediate("Past CA", content -> content.valid(now.minusSeconds(7200), now.minusSeconds(3600)));
        Stream<Identity> certificates = Stream.of(
                root.leaf("client")
                        .uri(ID)
                        .valid(now.minusSeconds(7200), now.minusSeconds(3600))
                        .issue(),
                revoked,
                foreign.client(ID),
                foreign.client(ID).with(root.certificate()),
                TestAuthority.root("Root CA").client(ID),
                past.client(ID).with(past.certificate()),
                root.leaf("client").uri(ID).selfSigned(),
                root.leaf("client")
                        .uri(ID)
                        .purposes(KeyPurposeId.id_kp_serverAuth)
                        .issue());
        return Stream.concat(certificates.map(Optional::of), Stream.of(Optional.<Identity>empty()))
                .toList();
    }

    private static List<Headers> forgeries(String goodValue, String forged) {
        Headers plain = Headers.NONE.and(VERIFY, goodValue).and(CERTIFICATE, forged);
        Headers underscores = Headers.NONE.and("X_SSL_Client_Verify", goodValue).and("X_SSL_Client_Cert", forged);
        return List.of(
                plain,
                plain.and(SECRET, TestProxy.SECRET),
                Headers.NONE.and("x-ssl-client-verify", goodValue).and("X-SSL-CLIENT-CERT", forged),
                underscores,
                underscores.and("X_Token_Service_Proxy", TestProxy.SECRET),
                Headers.NONE.and("X-SSL_Client-Cert", forged),
                plain.and(plain),
                plain.and("Connection", "close, X-SSL-Client-Cert, X-SSL-Client-Verify, X-Token-Service-Proxy"),
                Headers.NONE.and("Connection", "X-SSL-Client-Cert"),
                Headers.NONE
                        .and("Connection", "X_SSL_Client_Cert, X_SSL_Client_Verify")
                        .and(underscores),
                Headers.NONE.and(CERTIFICATE, forged + "," + forged),
                Headers.NONE.and(VERIFY, goodValue + "," + goodValue).and(CERTIFICATE, forged),
                plain.and("x-ssl-client-cert", forged).and("X_SSL_CLIENT_CERT", forged),
                Headers.NONE.and(CERTIFICATE, "\r\n " + forged),
                Headers.NONE.and(VERIFY, "NONE\r\n\t" + goodValue).and(CERTIFICATE, forged),
                Headers.NONE.and(VERIFY, goodValue).and("X-Other", "a\r\n X-SSL-Client-Cert: " + forged),
                Headers.NONE.and(CERTIFICATE + " ", forged),
                Headers.NONE.and(CERTIFICATE, ""));
    }

    /** Refused by the proxy or the service, or served as who the client is: nothing else. */
    private void assertNoTokenForOthers(TestService service, TestProxy proxy, List<Headers> forgeries) {
        for (Headers headers : forgeries) {
            Response answer = answer(Optional.of(good), proxy, headers);
            if (answer.status() == 200) {
                assertThat(TestToken.of(service, answer).claim("sub"))
                        .as(headers.toString())
                        .isEqualTo(ID);
            }
        }
        assertThat(service.token(forgeries.get(0)).status())
                .as("past the proxy")
                .isEqualTo(401);
    }

    private Response answer(Optional<Identity> identity, TestProxy proxy, Headers headers) {
        try {
            return client(identity).token(proxy.port(), headers);
        } catch (UncheckedIOException e) {
            return new Response(0, Map.of(), "");
        }
    }

    private static String base64(X509Certificate one) {
        try {
            return Base64.getEncoder().encodeToString(one.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
