package dev.tokenservice.authentication;

import static dev.tokenservice.authentication.PolicyFolder.FOREIGN;
import static dev.tokenservice.authentication.PolicyFolder.OWN;
import static dev.tokenservice.authentication.PolicyFolder.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that changes while the service runs. */
class PolicyReloadIT {

    @TempDir
    Path folder;

    private PolicyFolder files;

    @BeforeEach
    void write() {
        files = new PolicyFolder(folder);
    }

    /** The same client on four connections: two that stay open, and two sessions that are resumed, one of each version of TLS. */
    private final class Connections implements AutoCloseable {

        private final TestService service;
        private final List<TlsClient> resuming;
        private final List<SSLSocket> kept = new ArrayList<>();

        Connections(TestService service, Identity client) throws IOException {
            this.service = service;
            this.resuming = List.of(
                    files.tls(client).speaking("TLSv1.2"), files.tls(client).speaking("TLSv1.3"));
            for (TlsClient one : resuming) {
                kept.add(files.tls(client).open(service.tlsPort()));
                assertThat(one.token(service.tlsPort(), Headers.NONE).status()).isEqualTo(200);
            }
            assertThat(statuses()).containsOnly(200);
        }

        Set<Integer> statuses() {
            Set<Integer> statuses = new TreeSet<>();
            resuming.forEach(one ->
                    statuses.add(one.token(service.tlsPort(), Headers.NONE).status()));
            kept.forEach(socket -> statuses.add(PolicyFolder.keptAlive(service, socket, Headers.NONE)));
            return statuses;
        }

        void assertRefusedWithinThreeSeconds() throws InterruptedException {
            assertThat(timeUntil(() -> statuses().equals(Set.of(401)))).isLessThan(Duration.ofSeconds(3));
            assertThat(resuming).allSatisfy(one -> assertThat(one.timesShown()).isEqualTo(1));
        }

        @Override
        public void close() throws IOException {
            for (SSLSocket socket : kept) {
                socket.close();
            }
        }
    }

    @Test
    @Tag("endurance")
    void changes_underLoad_areInForceWithinThreeSecondsAndFailNobodyElse() throws Exception {
        String listed = TWO.replace("factory.pem,", "factory.pem, revocationLists: [factory.crl],")
                .replace("[factory.example]", "[factory.example, line.example]");
        Path list = folder.resolve("factory.crl");
        TestAuthority.write(list, files.factory.revoke(Duration.ofDays(1)));
        files.write(listed);
        Identity revoked = files.factory.client(OWN);
        try (TestService service = files.startTls();
                Load load = new Load(service);
                Connections ofRevoked = new Connections(service, revoked);
                Connections ofNarrowed = new Connections(service, files.factory.client(OWN));
                Connections ofRemoved = new Connections(
                        service,
                        files.factory.leaf("r").uri("spiffe://line.example/r").issue())) {
            TestAuthority.write(list, files.factory.revoke(Duration.ofDays(1), revoked.certificate()));
            ofRevoked.assertRefusedWithinThreeSeconds();

            Files.writeString(folder.resolve("factory.pem"), "no certificate");
            Eventually.within(Duration.ofSeconds(5), false, () -> isHealthy(service));
            assertThat(ofNarrowed.statuses()).containsOnly(200);

            TestAuthority.write(folder.resolve("factory.pem"), files.factory.certificate());
            files.write(listed.replace("[factory.example, line.example]", "[line.example]"));
            ofNarrowed.assertRefusedWithinThreeSeconds();
            assertThat(ofRemoved.statuses()).containsOnly(200);

            files.write(listed.replaceAll("(?m)^ +factory:.*\n", ""));
            ofRemoved.assertRefusedWithinThreeSeconds();
            load.assertNothingFailed();
        }
    }

    private static boolean isHealthy(TestService service) {
        return service.sendToAdmin(Request.get("/healthcheck"))
                .json()
                .at("/policy/healthy")
                .asBoolean();
    }

    /** A client of the other authority, which asks for tokens all the time, on new connections and on one that stays open. */
    private final class Load implements AutoCloseable {

        /** Other tests need the processors too. */
        private static final int PAUSE_MILLISECONDS = 20;

        private final CountDownLatch stopped = new CountDownLatch(1);
        private final AtomicInteger answers = new AtomicInteger();
        private final Queue<Object> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads;

        Load(TestService service) throws IOException {
            TlsClient client = files.tls(files.office.client(FOREIGN));
            SSLSocket kept = client.open(service.tlsPort());
            threads = List.of(
                    new Thread(() -> run(() ->
                            files.token(service, files.office.client(FOREIGN)).status())),
                    new Thread(() -> run(
                            () -> client.token(service.tlsPort(), Headers.NONE).status())),
                    new Thread(() -> run(() -> PolicyFolder.keptAlive(service, kept, Headers.NONE))));
            threads.forEach(Thread::start);
        }

        private void run(IntSupplier request) {
            try {
                while (!stopped.await(PAUSE_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    int status = request.getAsInt();
                    answers.incrementAndGet();
                    if (status != 200) {
                        failures.add(status);
                    }
                }
            } catch (InterruptedException | RuntimeException e) {
                failures.add(e);
            }
        }

        void assertNothingFailed() throws InterruptedException {
            close();
            assertThat(failures).isEmpty();
            assertThat(answers.get()).isGreaterThan(50);
        }

        @Override
        public void close() throws InterruptedException {
            stopped.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static Duration timeUntil(BooleanSupplier condition) throws InterruptedException {
        Instant start = Instant.now();
        while (!condition.getAsBoolean()) {
            if (Duration.between(start, Instant.now()).toSeconds() > 10) {
                break;
            }
            Thread.sleep(50);
        }
        return Duration.between(start, Instant.now());
    }

    @Test
    void policy_broken_leavesTheOldOneInForceAndSaysSo() {
        try (TestService service = files.startTls();
                TestLog log = new TestLog()) {
            files.write(TWO.replace("trustDomains", "trustDomain"));
            Response reload = service.sendToAdmin(Request.post("/tasks/reload"));
            assertThat(reload.status()).isEqualTo(500);
            assertThat(reload.body()).contains(files.policy() + ":3:39: the key 'trustDomain' is unknown");
            assertThat(files.token(service, files.factory.client(OWN)).status()).isEqualTo(200);
            assertThat(log.text(Level.ERROR)).contains("the policy (POLICY) is refused", "policy.yml:4:");
            JsonNode health =
                    service.sendToAdmin(Request.get("/healthcheck")).json().path("policy");
            assertThat(health.path("healthy").asBoolean(true)).isFalse();
            assertThat(health.path("message").asText())
                    .matches(
                            "(?s)generation [0-9a-f]{12}, read [0-9]+ seconds ago, stays in force; .*policy.yml:3:39: .*");
            assertThat(service.sendToAdmin(Request.get("/prometheus")).body())
                    .contains(
                            "token_service_policy_reload_failures_total 1.0",
                            "token_service_policy_refused 1.0",
                            "token_service_policy_generation{generation=\"");

            files.write(TWO);
            assertThat(service.sendToAdmin(Request.post("/tasks/reload")).status())
                    .isEqualTo(200);
            assertThat(service.sendToAdmin(Request.get("/prometheus")).body())
                    .contains("token_service_policy_refused 0.0");
        }
    }

    @Test
    void policy_thatLooksWrong_isInForceAndTheLogWarns() {
        String rulesFirst =
                TWO.replace("rules: allow-all\n", "").replace("authorities:", "rules: allow-all\nauthorities:");
        String warning = "the policy (POLICY): " + files.policy() + ":4:3: should be before rules";
        files.write(rulesFirst);
        try (TestLog log = new TestLog();
                TestService service = files.startTls()) {
            assertThat(log.text(Level.WARN)).containsOnlyOnce(warning);
            assertThat(files.token(service, files.factory.client(OWN)).status()).isEqualTo(200);

            files.write(rulesFirst.replace("[office.example]", "[other.example]"));
            assertThat(service.sendToAdmin(Request.post("/tasks/reload")).status())
                    .isEqualTo(200);
            assertThat(log.text(Level.WARN).split(Pattern.quote(warning))).hasSize(3);

            files.write(TWO);
            assertThat(service.sendToAdmin(Request.post("/tasks/reload")).status())
                    .isEqualTo(200);
            assertThat(log.text(Level.WARN).split(Pattern.quote(warning))).hasSize(3);
        }
    }

    @Test
    void policy_thatIsAMountedConfigMap_isReadAsOneVersion() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        version(mount, "one", TWO);
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("one"));
        for (String name : List.of("policy.yml", "factory.pem", "office.pem")) {
            Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
        }
        Map<String, String> variables = files.tlsVariables();
        variables.put("POLICY", mount.resolve("policy.yml").toString());
        try (TestService service = TestService.start(variables)) {
            assertThat(files.token(service, files.factory.client(OWN)).status()).isEqualTo(200);
            version(mount, "two", TWO.replace("[factory.example]", "[other.example]"));
            Path turned = Files.createSymbolicLink(mount.resolve("..data.new"), Path.of("two"));
            Files.move(turned, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(timeUntil(() ->
                            files.token(service, files.factory.client(OWN)).status() == 401))
                    .isLessThan(Duration.ofSeconds(4));
        }
    }

    private void version(Path mount, String name, String text) throws IOException {
        Path version = Files.createDirectory(mount.resolve(name));
        Files.writeString(version.resolve("policy.yml"), text);
        for (String bundle : List.of("factory.pem", "office.pem")) {
            Files.copy(folder.resolve(bundle), version.resolve(bundle));
        }
    }
}
