package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set of 100,000 rows and 1,000 rules that are replaced while requests run, as a mounted ConfigMap is. */
@Tag("endurance")
class RulesReloadIT {

    private static final int ROWS = 100_000;
    private static final int RULES = 1_000;
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Test CA");

    @TempDir
    private Path folder;

    private static Headers client(String name) {
        return TestLoadBalancer.verified(
                AUTHORITY.client().uri("spiffe://example.org/" + name).issue());
    }

    /** Each version says its name in a row and in a rule; in one of them a client is lost. */
    private void write(String version, String state) throws IOException {
        Path files = Files.createDirectory(folder.resolve(version));
        String rows = IntStream.range(0, ROWS - 2)
                .mapToObj(i -> "spiffe://example.org/device/%06d,active,%s,site-%014d,owner-%013d%n"
                        .formatted(i, version, i, i))
                .collect(Collectors.joining());
        Files.writeString(
                files.resolve("devices.csv"),
                "id,state,version,site,owner\n" + rows + "spiffe://example.org/always,active," + version
                        + ",here,me\nspiffe://example.org/sometimes," + state + "," + version + ",here,me\n");
        String rules = IntStream.range(0, RULES - 2)
                .mapToObj(i -> "- {name: r%d, match: {spiffe: \"spiffe://example.org/group%d/*\"}, deny: closed}%n"
                        .formatted(i, i))
                .collect(Collectors.joining());
        Files.writeString(files.resolve("policy.yml"), """
                version: 1
                relyingParties: {aws: {audience: sts.amazonaws.com}}
                sets: {devices: {file: devices.csv, key: id}}
                rules:
                """ + rules + """
                - {name: lost, match: {in: {devices: client.spiffe}}, when: device.state == "lost", deny: lost}
                - {name: active, match: {in: {devices: client.spiffe}},
                   allow: {relyingParties: [aws], claims: {row: device.version, rule: '"VERSION"'}}}
                """.replace("VERSION", version));
    }

    private void mount(String version) throws IOException {
        Path turned = Files.createSymbolicLink(folder.resolve("..new"), Path.of(version));
        Files.move(turned, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static int status(Http.Connection connection, Headers client) {
        try {
            return connection.send(TestService.tokenRequest(client)).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Duration timeToLoad() {
        long start = System.nanoTime();
        new PolicyFile(folder.resolve("policy.yml"), PolicyContext.NONE, Clock.systemUTC()).get();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void swap_underLoad_isInForceAfterThreeSecondsAndItsLoading_andFailsNoRequest() throws Exception {
        write("one", "active");
        write("two", "lost");
        mount("one");
        for (String name : List.of("policy.yml", "devices.csv")) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
        }
        Duration patience = timeToLoad().multipliedBy(2).plusSeconds(3);
        Headers sometimes = client("sometimes");
        try (TestService service = TestService.start(Map.of(
                        "POLICY", folder.resolve("policy.yml").toString(),
                        "TOKEN_AUDIENCE", "sts.amazonaws.com",
                        "REFUSALS_PER_CLIENT", "0"));
                Load load = new Load(service);
                Http.Connection kept = new Http.Connection(service.port())) {
            assertThat(status(kept, sometimes)).isEqualTo(200);
            mount("two");
            Eventually.within(patience, 400, () -> status(kept, sometimes));
            mount("one");
            Eventually.within(patience, 200, () -> status(kept, sometimes));
            load.assertNothingFailed();
        }
    }

    /** A client that both versions allow, which asks for tokens all the time, on connections that stay open. */
    private static final class Load implements AutoCloseable {

        /** Other tests need the processors too. */
        private static final int PAUSE_MILLISECONDS = 5;

        private final CountDownLatch stopped = new CountDownLatch(1);
        private final AtomicInteger answers = new AtomicInteger();
        private final Queue<Object> failures = new ConcurrentLinkedQueue<>();
        private final JWKSet keys;
        private final List<Thread> threads;

        Load(TestService service) {
            keys = TestToken.keys(service);
            threads = IntStream.range(0, 3)
                    .mapToObj(i -> new Thread(() -> run(service.port(), client("always"))))
                    .toList();
            threads.forEach(Thread::start);
        }

        private void run(int port, Headers client) {
            try (Http.Connection connection = new Http.Connection(port)) {
                while (!stopped.await(PAUSE_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    Response answer = connection.send(TestService.tokenRequest(client));
                    answers.incrementAndGet();
                    if (answer.status() != 200) {
                        failures.add(answer);
                        continue;
                    }
                    TestToken token = TestToken.of(keys, answer.text("id_token"));
                    if (!token.claim("row").equals(token.claim("rule"))) {
                        failures.add(token.claims());
                    }
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                failures.add(e);
            }
        }

        void assertNothingFailed() throws InterruptedException {
            close();
            assertThat(failures).isEmpty();
            assertThat(answers.get()).isGreaterThan(100);
        }

        @Override
        public void close() throws InterruptedException {
            stopped.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
