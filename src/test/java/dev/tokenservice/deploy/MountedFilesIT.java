package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestKeys;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service with the variables of Kubernetes and of systemd, and with files where they say that files are. */
class MountedFilesIT {

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");

    @ParameterizedTest
    @ValueSource(strings = {"ops/kubernetes/token-service.env", "ops/systemd/token-service.env"})
    void variables_withTheFilesTheyName_makeAServiceThatTerminatesTls(String file) throws Exception {
        mount();
        Map<String, String> environment = new HashMap<>(EnvironmentFile.read(file));
        environment.replaceAll((name, value) -> value.replace("/etc/token-service", folder.toString()));
        environment.putAll(Map.of("MTLS_PORT", "0", "SIGNING_ALGORITHM", "RS256", "LOG_FORMAT", "text"));
        try (TestService service = TestService.start(environment)) {
            TlsClient client = TlsClient.of(root.certificate(), Optional.of(root.client("spiffe://example.org/robot")));

            JWKSet keys = JWKSet.parse(client.send(service.tlsPort(), Request.get("/.well-known/jwks.json"))
                    .body());
            TestToken token = TestToken.of(
                    keys, client.token(service.tlsPort(), Headers.NONE).text("id_token"));

            assertThat(token.claim("sub")).isEqualTo("spiffe://example.org/robot");
            assertThat(token.claim("iss")).isEqualTo("https://token-service.example.com");
            assertThat(client.send(service.tlsPort(), Request.get("/health-check?type=ready"))
                            .status())
                    .isEqualTo(200);
        }
    }

    private void mount() throws IOException {
        TestAuthority.Identity server = root.server();
        for (String name : new String[] {"tls", "clients", "keys"}) {
            Files.createDirectories(folder.resolve(name));
        }
        TestAuthority.write(folder.resolve("tls/tls.crt"), server.certificate());
        TestAuthority.write(folder.resolve("tls/tls.key"), server.key());
        TestAuthority.write(folder.resolve("clients/clients.crt"), root.certificate());
        TestAuthority.write(folder.resolve("keys/1.pem"), TestKeys.ofJdkRsa());
    }
}
