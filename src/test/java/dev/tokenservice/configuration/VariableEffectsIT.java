package dev.tokenservice.configuration;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.FreePort;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables whose effect can be seen from outside, and that no other test is about. */
class VariableEffectsIT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    @ParameterizedTest
    @CsvSource({"1, 60", "5, 300", "720, 43200"})
    void tokenValidity_minutes_areTheLifeOfAToken(String minutes, long seconds) {
        Headers headers =
                GOOD.without(TestLoadBalancer.NOT_AFTER).and(TestLoadBalancer.NOT_AFTER, "2199-01-01T00:00:00Z");
        try (TestService service = TestService.start(Map.of("TOKEN_VALIDITY", minutes))) {
            Response answer = service.token(headers);

            TestToken token = TestToken.of(service, answer);
            assertThat(token.claims().path("exp").asLong()
                            - token.claims().path("iat").asLong())
                    .isEqualTo(seconds);
            assertThat(answer.json().path("expires_in").asLong()).isEqualTo(seconds);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WORKLOAD_IDENITY_", "WORKLOAD_IDENTITY_"})
    void workloadIdentity_eitherSpelling_givesTheProvidersAudience(String prefix) {
        Map<String, String> variables = new HashMap<>();
        variables.put(prefix + "PROJECT_NUMBER", "123456789012");
        variables.put(prefix + "POOL_ID", "test-pool");
        variables.put(prefix + "PROVIDER_ID", "test-provider");
        variables.put("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "example.goog");
        try (TestService service = TestService.start(variables)) {
            assertThat(TestToken.of(service, service.token(GOOD)).claim("aud"))
                    .isEqualTo("https://iam.example.goog/projects/123456789012/locations/global"
                            + "/workloadIdentityPools/test-pool/providers/test-provider");
        }
    }

    @Test
    void workloadIdentity_none_turnsTheExchangeOff() {
        assertError(TestService.shared().token(GOOD, "scope", "a"), 400, "invalid_scope");
    }

    @Test
    void portsAndAdminHost_given_areWhereTheServiceListens() throws IOException {
        int port = FreePort.find();
        int adminPort = FreePort.find();
        try (TestService service = TestService.start(Map.of(
                "PORT", Integer.toString(port),
                "ADMIN_PORT", Integer.toString(adminPort),
                "ADMIN_HOST", "127.0.0.2"))) {
            assertThat(service.port()).isEqualTo(port);
            assertThat(service.adminPort()).isEqualTo(adminPort);
            assertThat(service.send(Request.get("/health-check")).status()).isEqualTo(200);
            assertThat(isOpen(new byte[] {127, 0, 0, 2}, adminPort)).isTrue();
            assertThat(isOpen(new byte[] {127, 0, 0, 1}, adminPort)).isFalse();
        }
    }

    @Test
    void applicationAndTlsHosts_given_areWhereTheServiceListens(@TempDir Path folder) throws IOException {
        Map<String, String> variables = new HashMap<>(TestAuthority.root("CA").tlsVariables(folder));
        variables.putAll(Map.of("APPLICATION_HOST", "127.0.0.2", "MTLS_HOST", "127.0.0.3", "ADMIN_HOST", "localhost"));
        try (TestService service = TestService.start(variables)) {
            assertThat(isOpen(new byte[] {127, 0, 0, 2}, service.port())).isTrue();
            assertThat(isOpen(new byte[] {127, 0, 0, 1}, service.port())).isFalse();
            assertThat(isOpen(new byte[] {127, 0, 0, 3}, service.tlsPort())).isTrue();
            assertThat(isOpen(new byte[] {127, 0, 0, 1}, service.tlsPort())).isFalse();
            assertThat(service.sendToAdmin(Request.get("/ping")).status()).isEqualTo(200);
        }
    }

    @Test
    void authFlows_given_areInTheToken() {
        try (TestService service = TestService.start(Map.of("AUTH_FLOWS", " xlb-mtls-client-credentials "))) {
            assertThat(TestToken.of(service, service.token(GOOD))
                            .claims()
                            .path("amr")
                            .toString())
                    .isEqualTo("[\"xlb-mtls-client-credentials\"]");
        }
    }

    private static boolean isOpen(byte[] address, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByAddress(address), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }
}
