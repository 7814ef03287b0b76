package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the TLS connector that change while it is used: nothing fails, and the new ones are soon in force. */
class TlsReloadIT {

    private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(10);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final TestAuthority next = TestAuthority.root("Next CA");
    private final Identity old = root.client("spiffe://example.org/old");
    private final Identity steady = root.client("spiffe://example.org/steady");
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Path certificate;
    private Path key;
    private Path bundle;
    private Path lists;

    @BeforeEach
    void write() {
        Identity server = root.server();
        certificate = TestAuthority.write(folder.resolve("tls.crt"), server.certificate());
        key = TestAuthority.write(folder.resolve("tls.key"), server.key());
        bundle = TestAuthority.write(folder.resolve("ca.crt"), root.certificate());
        lists = TestAuthority.write(folder.resolve("ca.crl"), root.revoke(DAY));
    }

    private TestService start() {
        return TestService.start(Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", certificate.toString(),
                "MTLS_PRIVATE_KEY", key.toString(),
                "MTLS_TRUST_BUNDLE", bundle.toString(),
                "MTLS_CRL", lists.toString()));
    }

    private TlsClient client(Identity identity) {
        return TlsClient.of(root.certificate(), Optional.of(identity));
    }

    private int status(TestService service, Identity identity) {
        return client(identity).token(service.tlsPort(), Headers.NONE).status();
    }

    /** Asks again and again until it is stopped, and notes what went wrong. */
    private Thread load(Callable<Integer> request) {
        Thread thread = new Thread(() -> {
            while (!stopped.get()) {
                try {
                    int status = request.call();
                    answers.incrementAndGet();
                    if (status != 200) {
                        failures.add("status " + status);
                    }
                } catch (Exception e) {
                    failures.add(String.valueOf(e));
                }
            }
        });
        thread.start();
        return thread;
    }

    private static int keptAlive(TestService service, SSLSocket socket) throws IOException {
        socket.getOutputStream().write(TestService.tokenRequest(Headers.NONE).bytes(service.tlsPort(), "keep-alive"));
        return Http.read(socket.getInputStream(), "POST").status();
    }

    @Test
    @Tag("endurance")
    void files_swappedUnderLoad_noRequestFailsAndNewOnesAreInForce() throws Exception {
        try (TestService service = start();
                SSLSocket kept = client(steady).open(service.tlsPort());
                SSLSocket revokedLater = client(old).open(service.tlsPort())) {
            assertThat(keptAlive(service, revokedLater)).isEqualTo(200);
            List<Thread> threads = List.of(
                    load(() -> status(service, steady)),
                    load(() -> status(service, steady)),
                    load(() -> keptAlive(service, kept)));

            TestAuthority.write(lists, root.revoke(DAY, old.certificate()), next.revoke(DAY));
            await(() -> status(service, old) == 401);
            assertThat(keptAlive(service, revokedLater)).isEqualTo(401);
            TestAuthority.write(bundle, root.certificate(), next.certificate());
            await(() -> status(service, next.client("spiffe://example.org/new")) == 200);
            Identity renewed = root.server();
            TestAuthority.write(certificate, renewed.certificate());
            TestAuthority.write(key, renewed.key());
            await(() -> renewed.certificate().equals(presented(service)));

            stopped.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(answers.get()).isGreaterThan(20);
        }
    }

    @Test
    void files_badNewVersions_areRefusedAndOldOnesStay() throws Exception {
        try (TestService service = start();
                TestLog log = new TestLog()) {
            Files.writeString(bundle, "no certificate");
            Files.writeString(lists, "no list");
            TestAuthority.write(key, root.server().key());
            await(() -> !service.sendToAdmin(Request.get("/healthcheck"))
                    .json()
                    .path("watched-files")
                    .path("healthy")
                    .asBoolean());
            Thread.sleep(2000);

            Response health = service.sendToAdmin(Request.get("/healthcheck"));
            assertThat(health.json().path("watched-files").path("message").asText())
                    .contains("ca.crt", "tls.crt");
            assertThat(log.text(Level.ERROR))
                    .contains("MTLS_TRUST_BUNDLE", "MTLS_CERTIFICATE", "the previous version stays in force")
                    .doesNotContain("PRIVATE KEY");
            assertThat(status(service, steady)).isEqualTo(200);
            assertThat(service.send(Request.get("/health-check?type=ready")).status())
                    .isEqualTo(200);
        }
    }

    private X509Certificate presented(TestService service) throws Exception {
        try (SSLSocket socket = client(steady).open(service.tlsPort())) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + IN_FORCE_WITHIN.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("not in force").isLessThan(end);
            Thread.sleep(100);
        }
    }
}
