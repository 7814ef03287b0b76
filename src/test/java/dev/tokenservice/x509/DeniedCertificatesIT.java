package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate on the operator's list gets no token from a few seconds after it was written there. */
class DeniedCertificatesIT {

    private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void token_certificatePutOnTheList_isRefusedWithinSeconds() throws Exception {
        X509Certificate certificate = TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/robot")
                .issue();
        Headers headers = TestLoadBalancer.verified(certificate);
        Path list = Files.writeString(folder.resolve("denied"), "# nobody\n");
        try (TestService service = TestService.start(Map.of("DENIED_CERTIFICATES", list.toString()));
                TestLog log = new TestLog()) {
            assertThat(service.token(headers).status()).isEqualTo(200);

            Files.writeString(list, TestLoadBalancer.hash(certificate) + " # stolen\n");
            await(service, headers, 401);
            assertThat(TestLog.fields(log.audit().get(log.audit().size() - 1)))
                    .containsEntry("reason", "the client certificate is revoked: obtain another one")
                    .containsEntry("fingerprint", TestLoadBalancer.hash(certificate));

            Files.writeString(list, "no list at all\n");
            Thread.sleep(3000);
            assertThat(service.token(headers).status()).isEqualTo(401);

            Files.writeString(list, "");
            await(service, headers, 200);
        }
    }

    private static void await(TestService service, Headers headers, int status) throws InterruptedException {
        long end = System.nanoTime() + IN_FORCE_WITHIN.toNanos();
        while (service.token(headers).status() != status) {
            assertThat(System.nanoTime()).as("still not %d", status).isLessThan(end);
            Thread.sleep(100);
        }
    }
}
