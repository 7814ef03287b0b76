package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service whose plain port is off: all that clients, relying parties and probes ask for is on the TLS port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlainPortOffIT {

    private final TestAuthority root = TestAuthority.root("CA");
    private final TlsClient anybody = TlsClient.of(root.certificate(), Optional.empty());
    private Map<String, String> variables = Map.of();
    private TestService service;
    private String started = "";

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        variables = new HashMap<>(root.tlsVariables(folder));
        variables.put("PORT", "OFF");
        try (TestLog log = new TestLog()) {
            service = TestService.start(variables);
            started = log.text(Level.INFO);
        }
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void ports_areTlsAndAdminOnly() {
        assertThat(Stream.of(service.server().getConnectors()).map(Connector::getName))
                .containsExactly("tls", "admin");
        assertThat(started)
                .contains("ready on TLS port " + service.tlsPort() + " and admin port " + service.adminPort())
                .doesNotContain("application port");
    }

    @Test
    void token_withCertificate_isOfTheIssuerThatIsPublishedThere() {
        Response answer = TlsClient.of(root.certificate(), Optional.of(root.client("spiffe://example.org/robot")))
                .token(service.tlsPort(), Headers.NONE);
        Response metadata = get("/.well-known/openid-configuration");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(metadata.text("issuer")).isEqualTo("https://localhost:" + service.tlsPort());
        assertThat(metadata.text("jwks_uri")).isEqualTo(metadata.text("issuer") + "/.well-known/jwks.json");
        assertThat(answer.text("expires_in")).isEqualTo("300");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server",
                "/.well-known/jwks.json",
                "/health-check",
                "/health-check?type=alive",
                "/health-check?type=ready"
            })
    void documentsAndProbes_withoutCertificate_areServedOnTheTlsPort(String target) {
        assertThat(get(target).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthcheck", "/metrics", "/prometheus", "/ping", "/threads", "/tasks", "/tasks/reload"})
    void adminPaths_areNotOnTheTlsPort(String target) {
        assertThat(get(target).status()).isEqualTo(404);
    }

    @Test
    void healthcheck_onTheAdminPort_isHealthy() {
        assertThat(service.sendToAdmin(Request.get("/healthcheck")).status()).isEqualTo(200);
    }

    @Test
    void doctor_besideTheRunningService_knowsItByItsCertificate() {
        Map<String, String> same = new HashMap<>(variables);
        same.put("MTLS_PORT", Integer.toString(service.tlsPort()));

        Diagnosis diagnosis = TestDoctor.run(same, service.clock());

        assertThat(diagnosis.the("application-port").result()).isEqualTo("SKIPPED");
        assertThat(diagnosis.the("mtls-port").result()).isEqualTo("WARN");
        assertThat(diagnosis.the("mtls-port").evidence()).contains("a Token Service runs here already");
    }

    private Response get(String target) {
        return anybody.send(service.tlsPort(), Request.get(target));
    }
}
