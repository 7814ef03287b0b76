package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport.Limits;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external account whose proof is a certificate: Google's library would make a transport of its own for it. */
class X509CredentialsTest {

    private static final String TOKEN = "{\"access_token\":\"ya29.x\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
            + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}";
    private static final String REPEATED = TOKEN.replace("{", "{\"access_token\":\"ya29.y\",");
    private static final String REFUSED = "token_service_answers_refused_total{reason=json}";

    private final TestTls authority = TestTls.authority("Workload CA");
    private final List<String> properties = new ArrayList<>();
    private final TestGoogle test = new TestGoogle(Limits.DEFAULT);

    @TempDir
    Path folder;

    /** Whom to trust is the JVM's to say. */
    @BeforeEach
    void trust() {
        for (String argument : authority.jvmArguments(folder)) {
            String[] property = argument.substring(2).split("=", 2);
            System.setProperty(property[0], property[1]);
            properties.add(property[0]);
        }
    }

    @AfterEach
    void close() {
        properties.forEach(System::clearProperty);
        test.close();
    }

    @Test
    void find_certificate_shownOverTheBoundedTransport() throws IOException {
        try (SSLServerSocket server = (SSLServerSocket) authority
                .serverContext(authority.server("localhost"))
                .getServerSocketFactory()
                .createServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            server.setNeedClientAuth(true);
            CompletableFuture<String> shown = CompletableFuture.supplyAsync(() -> {
                answer(server, REPEATED);
                return answer(server, TOKEN);
            });

            ServiceCredentials credentials = find("https://localhost:" + server.getLocalPort() + "/v1/token");
            assertThat(test.metrics.counts()).containsEntry(REFUSED, 1.0);

            assertThat(credentials.headers(Deadline.after(Duration.ofSeconds(5))))
                    .containsEntry("Authorization", List.of("Bearer ya29.x"));
            assertThat(shown.join()).isEqualTo("CN=workload.example");
        }
    }

    private ServiceCredentials find(String tokenUrl) throws IOException {
        TestTls.Issued client = authority.client("workload.example");
        Path certificate = folder.resolve("client.crt");
        Path key = folder.resolve("client.key");
        TestAuthority.write(certificate, client.certificate());
        TestAuthority.write(key, client.key());
        Path configuration = write(
                "certificate_config.json",
                Map.of(
                        "version",
                        1,
                        "cert_configs",
                        Map.of("workload", Map.of("cert_path", certificate.toString(), "key_path", key.toString()))));
        Path file = write(
                "credentials.json",
                Map.of(
                        "type",
                        "external_account",
                        "audience",
                        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:mtls",
                        "token_url",
                        tokenUrl,
                        "credential_source",
                        Map.of("certificate", Map.of("certificate_config_location", configuration.toString()))));
        return new CredentialsFinder(test.transport, file.toString(), FakeGoogle.SERVICE_ACCOUNT, warning -> {})
                .find(URI.create(test.google.url()), "googleapis.com");
    }

    private Path write(String name, Map<String, Object> content) throws IOException {
        return Files.write(folder.resolve(name), FakeAnswer.MAPPER.writeValueAsBytes(content));
    }

    /** The name in the certificate that the client showed. The connection stays open until the client closes it. */
    private static String answer(SSLServerSocket server, String json) {
        try {
            SSLSocket client = (SSLSocket) server.accept();
            client.getInputStream().read(new byte[64 * 1024]);
            client.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                                    + json.length() + "\r\n\r\n" + json)
                            .getBytes(StandardCharsets.US_ASCII));
            return client.getSession().getPeerPrincipal().getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
