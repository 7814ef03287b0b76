package dev.tokenservice.authentication;

import static dev.tokenservice.authentication.PolicyFolder.FOREIGN;
import static dev.tokenservice.authentication.PolicyFolder.OWN;
import static dev.tokenservice.authentication.PolicyFolder.TWO;
import static dev.tokenservice.authentication.PolicyFolder.keptAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxies that the policy names: by an authority, and by a name of their certificate on the TLS port. */
class PolicyProxiesIT {

    private static final String PROXY = "spiffe://office.example/front";
    private static final String WITH_PROXIES = TWO.replace("rules:", """
            forwardedSummaries: trusted
            proxies: {authority: office, names: ["spiffe://office.example/front"]}
            rules:""");

    @TempDir
    Path folder;

    private PolicyFolder files;
    private Headers spoken;

    @BeforeEach
    void write() {
        files = new PolicyFolder(folder);
        files.write(WITH_PROXIES);
        spoken = TestLoadBalancer.verified(files.factory.client(OWN).certificate());
    }

    private Map<String, String> variables() {
        Map<String, String> variables = files.tlsVariables();
        variables.put("AUTH_FLOWS", "mtls-client-credentials,xlb-mtls-client-credentials");
        return variables;
    }

    private int status(TestService service, Identity peer, Headers headers) {
        return files.tls(peer).token(service.tlsPort(), headers).status();
    }

    @Test
    void proxy_ofTheAuthorityAndWithTheName_speaksForOthersAndNeverForItself() {
        try (TestService service = TestService.startWithoutProof(variables());
                TestLog log = new TestLog()) {
            Identity proxy = files.office.client(PROXY);
            TestToken token = TestToken.of(service, files.tls(proxy).token(service.tlsPort(), spoken));
            assertThat(token.claim("sub")).isEqualTo(OWN);
            assertThat(token.attribute("authority")).isEqualTo("forwarded");

            assertThat(status(service, proxy, Headers.NONE)).isEqualTo(401);
            assertThat(status(service, files.factory.client(PROXY), spoken)).isEqualTo(401);
            assertThat(status(service, files.office.client(FOREIGN), spoken)).isEqualTo(401);
            assertThat(service.token(spoken).status()).isEqualTo(401);
            assertThat(status(service, files.factory.client(OWN), Headers.NONE)).isEqualTo(200);
            assertThat(log.audit().stream().map(line -> TestLog.fields(line).get("detail")))
                    .anySatisfy(detail -> assertThat(detail).contains("no valid chain", "the trustBundle of office"))
                    .anySatisfy(detail -> assertThat(detail).endsWith("with a name of proxies (in the policy)"));
            assertThat(service.sendToAdmin(Request.get("/healthcheck"))
                            .json()
                            .at("/proxy-trust/message")
                            .asText())
                    .endsWith("with the proof of proxies (in the policy)");
        }
    }

    @Test
    void proxies_changed_areInForceWithinThreeSecondsOnOpenConnections() throws Exception {
        try (TestService service = TestService.startWithoutProof(variables());
                SSLSocket kept = files.tls(files.office.client(PROXY)).open(service.tlsPort())) {
            assertThat(keptAlive(service, kept, spoken)).isEqualTo(200);

            files.write(WITH_PROXIES.replace("office.example/front", "office.example/other"));
            Eventually.within(Duration.ofSeconds(3), 401, () -> keptAlive(service, kept, spoken));
            // It is a client like any other now, and speaks for itself.
            assertThat(keptAlive(service, kept, Headers.NONE)).isEqualTo(200);
        }
    }

    @Test
    void start_withTheVariableThatSaysTheSame_isRefusedAndBothAreNamed() {
        Map<String, String> variables = variables();
        variables.put("PROXY_CERTIFICATES", PROXY);

        assertThatThrownBy(() -> TestService.start(variables).close())
                .hasStackTraceContaining("policy.yml:6:10: proxies says the same as PROXY_CERTIFICATES");
    }

    @Test
    void start_withoutTheTlsPort_isRefused() {
        Map<String, String> variables = Map.of("POLICY", files.policy().toString());

        assertThatThrownBy(() -> TestService.start(variables).close())
                .hasStackTraceContaining("proxies needs the TLS port");
    }
}
