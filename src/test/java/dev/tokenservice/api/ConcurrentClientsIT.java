package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two clients at once: nobody gets what is the other's. */
class ConcurrentClientsIT {

    private static final int REQUESTS = 400;
    private static final int AT_A_TIME = 40;

    private final TestService service = TestService.shared();
    private final TestCertificates authority = TestCertificates.authority("Test CA");
    private final List<X509Certificate> certificates = List.of(client("alice"), client("bob"));

    private X509Certificate client(String name) {
        return authority
                .client()
                .uri("spiffe://example.org/" + name)
                .uri("urn:" + name)
                .dns(name + ".example.org")
                .issue();
    }

    @Test
    void tokens_ofTwoClientsAtOnce_areEachClientsOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Headers headers = TestLoadBalancer.verified(certificates.get(i % 2));
                answers.add(threads.submit(() -> service.token(headers)));
            }
            JWKSet keys = TestToken.keys(service);
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < REQUESTS; i++) {
                TestToken token = TestToken.of(keys, answers.get(i).get().text("id_token"));
                assertIsOf(token, i % 2 == 0 ? "alice" : "bob", certificates.get(i % 2));
                ids.add(token.claim("jti"));
            }
            assertThat(ids).hasSize(REQUESTS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertIsOf(TestToken token, String name, X509Certificate certificate) {
        assertThat(token.claim("sub")).isEqualTo("spiffe://example.org/" + name);
        assertThat(token.claim("client_id")).isEqualTo("spiffe://example.org/" + name);
        assertThat(token.attribute("x5_spiffe")).isEqualTo("spiffe://example.org/" + name);
        assertThat(token.attribute("x5_urisan")).isEqualTo("urn:" + name);
        assertThat(token.attribute("x5_dnssan")).isEqualTo(name + ".example.org");
        assertThat(token.attribute("x5_sha256")).isEqualTo(TestLoadBalancer.hash(certificate));
        assertThat(token.attribute("x5_serial")).isEqualTo(TestLoadBalancer.serial(certificate));
    }
}
