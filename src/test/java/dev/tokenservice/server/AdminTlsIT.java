package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin port with TLS: what monitoring asks for, and a certificate that is renewed meanwhile. */
class AdminTlsIT {

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("CA");
    private final TlsClient monitoring = TlsClient.of(root.certificate(), Optional.empty());
    private final Identity server = root.server();
    private Map<String, String> variables = Map.of();
    private TestService service;
    private String started = "";

    @BeforeEach
    void start() throws Exception {
        variables = Map.of(
                "ADMIN_CERTIFICATE", write("admin.crt", server.certificate()),
                "ADMIN_PRIVATE_KEY", write("admin.key", server.key()));
        try (TestLog log = new TestLog()) {
            service = TestService.start(variables);
            started = log.text(Level.INFO);
        }
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private String write(String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }

    private Response get(String target) {
        return monitoring.send(service.adminPort(), Request.get(target));
    }

    @Test
    void adminPort_speaksTlsWithoutAskingForACertificate() throws IOException {
        assertThat(get("/healthcheck").status()).isEqualTo(200);
        assertThat(get("/prometheus").body()).contains("token_service_tls_handshakes_total{outcome=\"ok\"}");
        assertThat(get("/").body()).contains("/tasks");
        assertThat(get("/nothing").text("error_description")).contains("admin port");
        assertThat(started).contains("and admin port " + service.adminPort() + ", which speaks TLS");
        try (SSLSocket socket = TlsClient.of(root.certificate(), Optional.of(root.client("spiffe://example.org/a")))
                .open(service.adminPort())) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(socket.getSession().getLocalCertificates()).isNull();
        }
    }

    @Test
    void adminPort_plainHttp_isNotAnswered() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.adminPort());
                InputStream input = socket.getInputStream()) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(input.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1", "pong");
        }
    }

    @Test
    void handshake_thatIsNotMade_isEndedAfterTenSeconds() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.adminPort())) {
            socket.setSoTimeout(20_000);
            assertThat(get("/ping").status()).isEqualTo(200);

            service.ticker().advance(Duration.ofSeconds(11));

            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void certificate_renewed_isShownAfterReload() throws IOException {
        Identity renewed = root.server();
        write("admin.crt", renewed.certificate());
        write("admin.key", renewed.key());

        Response reloaded = monitoring.send(service.adminPort(), Request.of("POST", "/tasks/reload"));

        assertThat(reloaded.status()).isEqualTo(200);
        assertThat(reloaded.body()).contains("ADMIN_CERTIFICATE, ADMIN_PRIVATE_KEY");
        assertThat(shown()).isEqualTo(renewed.certificate());
    }

    @Test
    void certificate_ofAnotherKey_isRefusedAndTheOldOneStays() throws IOException {
        write("admin.crt", root.server().certificate());

        Response reloaded = monitoring.send(service.adminPort(), Request.of("POST", "/tasks/reload"));

        assertThat(reloaded.status()).isEqualTo(500);
        assertThat(reloaded.body()).contains("set ADMIN_PRIVATE_KEY to its key");
        assertThat(shown()).isEqualTo(server.certificate());
        assertThat(get("/healthcheck")
                        .json()
                        .path("watched-files")
                        .path("healthy")
                        .booleanValue())
                .isFalse();
    }

    private X509Certificate shown() throws IOException {
        try (SSLSocket socket = monitoring.open(service.adminPort())) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void start_withAKeyOfAnotherCertificate_isRefused() {
        Map<String, String> other = new HashMap<>(variables);
        other.put("ADMIN_PRIVATE_KEY", write("other.key", root.server().key()));

        assertThatThrownBy(() -> TestService.start(other))
                .rootCause()
                .hasMessageContaining("ADMIN_CERTIFICATE")
                .hasMessageContaining("holds a certificate for another key");
    }

    @Test
    void doctor_besideTheRunningService_seesTheCertificateAndKnowsIt() {
        Map<String, String> same = new HashMap<>(variables);
        same.put("ADMIN_PORT", Integer.toString(service.adminPort()));

        Diagnosis diagnosis = TestDoctor.run(same, service.clock());

        assertThat(diagnosis.the("admin-certificate").result()).isEqualTo("WARN");
        assertThat(diagnosis.the("admin-certificate").evidence()).contains("expires in 0 days");
        assertThat(diagnosis.the("admin-port").evidence()).contains("a Token Service runs here already");
    }
}
