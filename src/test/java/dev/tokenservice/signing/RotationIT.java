package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rotations under load, over HTTP: two replicas whose clocks differ by 5 minutes, and whose files arrive in any order. {@code
 * RotationTest} has many more schedules, without HTTP.
 */
@Tag("endurance")
class RotationIT {

    private static final int ROTATIONS = 5;
    private static final int REQUESTS_AT_A_TIME = 12;
    private static final Duration EVERY = Duration.ofDays(30);
    private static final Duration VALIDITY = Duration.ofHours(12);
    private static final Duration CACHE_TIME = Duration.ofHours(24);
    private static final Duration HALF_OF_DIFFERENCE = Duration.ofSeconds(150);

    /** When the files of a rotation arrive, after it, less than half of the cache time. */
    private static final List<Duration> ARRIVALS = List.of(Duration.ZERO, Duration.ofHours(5), Duration.ofHours(11));

    private static final Headers CLIENT = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .validFor(EVERY.multipliedBy(ROTATIONS + 2))
            .issue());

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final List<Replica> replicas = new ArrayList<>();

    /** The newest token of each key: the others of a key are verified with it. */
    private final Map<String, Issued> tokens = new ConcurrentHashMap<>();

    private final Set<String> signed = ConcurrentHashMap.newKeySet();
    private final ExecutorService load = Executors.newFixedThreadPool(4);
    private Duration elapsed = Duration.ZERO;

    private record Issued(String compact, Instant expires) {}

    /** A copy of the published keys that a relying party has. */
    private record Copy(Instant fetched, JWKSet keys) {}

    private final class Replica {

        private final Path files;
        private final Duration ahead;
        private final TestService service;
        private final List<Copy> copies = new ArrayList<>();
        private final Map<String, Optional<byte[]>> late = new TreeMap<>();

        Replica(String name, Duration ahead, Path source) throws IOException {
            this.files = Files.createDirectory(folder.resolve(name));
            this.ahead = ahead;
            for (Map.Entry<String, byte[]> file : contents(source).entrySet()) {
                Files.write(files.resolve(file.getKey()), file.getValue());
            }
            this.service = TestService.start(
                    Map.of("SIGNING_KEYS", files.toString(), "TOKEN_VALIDITY", Long.toString(VALIDITY.toMinutes())));
        }

        /** Some of the files that are late arrive, each whole. */
        void deliver(Random random, boolean rest) throws IOException {
            for (String name : List.copyOf(late.keySet())) {
                if (rest || random.nextBoolean()) {
                    Optional<byte[]> content = Objects.requireNonNull(late.remove(name));
                    Path part = files.resolve("." + name);
                    if (content.isPresent()) {
                        Files.write(part, content.get());
                        Files.move(part, files.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                    } else {
                        Files.delete(files.resolve(name));
                    }
                }
            }
            // A look in flight may have missed a file that was replaced.
            Eventually.within(
                    Duration.ofSeconds(10),
                    200,
                    () -> service.sendToAdmin(Request.post("/tasks/reload")).status());
        }

        void fetchKeys() {
            copies.add(new Copy(clock.instant(), TestToken.keys(service)));
        }
    }

    @AfterEach
    void close() {
        load.shutdownNow();
        replicas.forEach(replica -> replica.service.close());
    }

    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> !KeyFolder.name(file).startsWith(".")).toList()) {
                contents.put(KeyFolder.name(file), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void rotations_underLoad_noRequestFailsAndEveryTokenVerifiesEverywhere() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("RotationIT: repeat with -Dseed=" + seed);
        Random random = new Random(seed);
        Path source = Files.createDirectory(folder.resolve("source"));
        KeyCommands commands = commands(source);
        commands.generate("ES256");
        replicas.add(new Replica("fast", HALF_OF_DIFFERENCE, source));
        replicas.add(new Replica("slow", HALF_OF_DIFFERENCE.negated(), source));
        move(Duration.ZERO);
        for (int rotation = 0; rotation < ROTATIONS; rotation++) {
            underLoad(() -> {}, EVERY.minus(CACHE_TIME.minusHours(1)));
            underLoad(() -> rotate(source, commands), CACHE_TIME.minusHours(1));
            for (int i = 0; i < ARRIVALS.size(); i++) {
                boolean last = i == ARRIVALS.size() - 1;
                Duration passed = i == 0 ? Duration.ZERO : ARRIVALS.get(i).minus(ARRIVALS.get(i - 1));
                underLoad(() -> deliver(random, last), passed);
            }
            underLoad(() -> {}, Duration.ofMinutes(10));
        }
        assertThat(signed).hasSize(ROTATIONS + 1);
    }

    private KeyCommands commands(Path source) {
        KeySettings settings = new KeySettings(new SigningFactory(), VALIDITY, List.of(), Optional::empty);
        return new KeyCommands(
                new KeyStock(source, settings, DiskOperations.ofPrivateFiles(), clock), settings, line -> {});
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Lets time pass and makes a change while clients ask for tokens, and then looks at what they got. */
    private void underLoad(Change change, Duration passed) throws IOException {
        replicas.forEach(Replica::fetchKeys);
        List<CompletableFuture<Void>> requests = IntStream.range(0, REQUESTS_AT_A_TIME)
                .mapToObj(number -> replicas.get(number % replicas.size()))
                .map(replica -> CompletableFuture.runAsync(() -> issue(replica), load))
                .toList();
        move(passed);
        change.make();
        requests.forEach(CompletableFuture::join);
        replicas.forEach(this::issue);
        replicas.forEach(Replica::fetchKeys);
        verify();
    }

    private void issue(Replica replica) {
        Response answer = replica.service.token(CLIENT);
        TestToken token = TestToken.of(replica.service, answer);
        String kid = token.header().path("kid").textValue();
        signed.add(kid);
        Issued issued = new Issued(
                answer.text("id_token"),
                Instant.ofEpochSecond(token.claims().path("exp").asLong()));
        tokens.merge(kid, issued, (one, other) -> one.expires().isAfter(other.expires()) ? one : other);
    }

    private void move(Duration passed) {
        elapsed = elapsed.plus(passed);
        clock.ahead(elapsed);
        replicas.forEach(replica -> replica.service.clock().ahead(elapsed.plus(replica.ahead)));
    }

    private void rotate(Path source, KeyCommands commands) throws IOException {
        Map<String, byte[]> before = contents(source);
        commands.rotate(new KeyCommands.Rotation(Optional.of(EVERY), Duration.ofDays(1), id -> true));
        Map<String, byte[]> after = contents(source);
        for (Replica replica : replicas) {
            Stream.concat(before.keySet().stream(), after.keySet().stream())
                    .filter(name -> !Arrays.equals(before.get(name), after.get(name)))
                    .forEach(name -> replica.late.put(name, Optional.ofNullable(after.get(name))));
        }
    }

    private void deliver(Random random, boolean rest) throws IOException {
        for (Replica replica : replicas) {
            replica.deliver(random, rest);
        }
    }

    /** By the keys of every replica, and by copies of them that are not older than the cache time. */
    private void verify() {
        Instant now = clock.instant();
        tokens.values().removeIf(token -> token.expires().isBefore(now));
        for (Replica replica : replicas) {
            replica.copies.removeIf(copy -> copy.fetched().isBefore(now.minus(CACHE_TIME)));
            for (Copy copy : replica.copies) {
                tokens.values().forEach(token -> TestToken.of(copy.keys(), token.compact()));
            }
        }
    }
}
