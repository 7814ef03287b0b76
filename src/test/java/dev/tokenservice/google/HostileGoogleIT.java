package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.HostileServer;
import dev.tokenservice.testing.HostileServer.Mode;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Security Token Service that answers to do harm: each answer is a 503 in time, in a small heap, and no end of the process. */
@Tag("endurance")
class HostileGoogleIT {

    private static final String SPIFFE_ID = "spiffe://example.com/widget/1";
    private static final String SCOPE = "scope=https://www.googleapis.com/auth/cloud-platform";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int GROUP = 6;
    private static final int OF_EACH = 16;

    @TempDir
    static Path folder;

    private static HostileServer sts;
    private static RunningJar service;

    @BeforeAll
    static void start() {
        sts = HostileServer.start();
        service = RunningJar.start(
                folder,
                Map.of(
                        "SIGNER", "local",
                        "SIGNING_ALGORITHM", "ES256",
                        "STS_URL", sts.url(),
                        "WORKLOAD_IDENITY_PROJECT_NUMBER", "123456789012",
                        "WORKLOAD_IDENITY_POOL_ID", "widgets",
                        "WORKLOAD_IDENITY_PROVIDER_ID", "token-service"),
                List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"));
    }

    @AfterAll
    static void stop() {
        service.close();
        sts.close();
    }

    /**
     * All ways, a few at the same time, as each takes as long as the retries. Slow answers would end only with the deadline of
     * 8 seconds, each; the transport's tests have a shorter one.
     */
    static Collection<List<Mode>> hostile() {
        List<Mode> all = List.copyOf(EnumSet.complementOf(EnumSet.of(Mode.PROPER, Mode.SLOW_HEAD, Mode.SLOW_BODY)));
        return all.stream()
                .collect(Collectors.groupingBy(mode -> all.indexOf(mode) / GROUP))
                .values();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void exchange_hostileSts_unavailableInTimeAndTokensAfterIt(List<Mode> modes) {
        sts.answer(modes);

        List<CompletableFuture<Answer>> asked = Stream.generate(
                        () -> TestClient.tokenAsync(service.port(), SPIFFE_ID, SCOPE))
                .limit((long) OF_EACH * modes.size())
                .toList();
        List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();
        sts.answer(Mode.PROPER);
        Answer idToken = TestClient.tokenAsync(service.port(), SPIFFE_ID, "").join();
        Answer accessToken =
                TestClient.tokenAsync(service.port(), SPIFFE_ID, SCOPE).join();

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isNotEmpty();
            assertThat(answer.took()).isLessThan(LIMIT);
        });
        assertThat(List.of(idToken.status(), accessToken.status())).containsExactly(200, 200);
    }
}
