package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.outbound.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rotations of a folder whose files reach two replicas at different times, in any order, while both sign all the time, by clocks
 * that differ by 5 minutes. Time is simulated: years pass in seconds.
 */
@Tag("endurance")
class RotationTest {

    private static final int SCHEDULES = 6;
    private static final int ROTATIONS = 5;
    private static final Duration VALIDITY = Duration.ofHours(12);
    private static final Duration CACHE_TIME = Duration.ofHours(24);

    /** What the page on keys asks for, less the difference of the clocks. */
    private static final Duration SLOWEST_FILE = CACHE_TIME.dividedBy(2).minusMinutes(10);

    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    /** The first half of the schedules is of keys that all relying parties fetch. */
    private static final UploadedParties UPLOADED = UploadedParties.of(Map.of("uploaded", "ES256"));

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SigningFactory signing = new SigningFactory();
    private UploadedParties uploaded = UploadedParties.NONE;
    private final Set<String> confirmed = new HashSet<>();
    private final List<Token> tokens = new ArrayList<>();
    private final NavigableMap<Instant, List<Runnable>> deliveries = new TreeMap<>();

    private record Token(String kid, Instant issued, Instant expires, String replica) {}

    /** The time of the simulation, seen by somebody. */
    private final class SeenTime extends Clock {

        private final Duration ahead;

        SeenTime(Duration ahead) {
            this.ahead = ahead;
        }

        @Override
        public Instant instant() {
            return now.plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** A replica with a folder of its own, which it reads after each change, as a running service does within seconds. */
    private final class Replica {

        private final String name;
        private final Path files;
        private final KeyFolder reader;
        private final LocalKeys keys;
        private final LocalSigner signer;
        private KeyRing ring;
        private final Map<String, Instant> newest = new HashMap<>();
        private final NavigableMap<Instant, Set<String>> published = new TreeMap<>();

        Replica(String name, Duration ahead, Path source) throws IOException {
            this.name = name;
            files = Files.createDirectory(folder.resolve(name));
            for (Path file : list(source)) {
                Files.copy(file, files.resolve(file.getFileName()));
            }
            Clock clock = new SeenTime(ahead);
            reader = new KeyFolder(files, signing.keyFiles(), clock);
            ring = reader.read();
            keys = new LocalKeys(
                    () -> ring, () -> uploaded, signing.periods(VALIDITY), new NativeCryptography(), clock);
            signer = LocalSigner.of("ES256", keys);
        }

        void deliver(String file, Optional<byte[]> content) {
            try {
                if (content.isPresent()) {
                    Files.write(files.resolve(file), content.get());
                } else {
                    Files.deleteIfExists(files.resolve(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ring = reader.read();
            assertThat(ring.problems()).isEmpty();
        }

        void serve() {
            Set<String> ids = new HashSet<>();
            keys.view().published().forEach(key -> ids.add(key.id()));
            if (published.isEmpty() || !published.lastEntry().getValue().equals(ids)) {
                published.put(now, ids);
            }
            assertThat(keys.view().active("ES256"))
                    .as("a failed request of %s at %s", name, now)
                    .isPresent();
            tokens.add(new Token(keys.view().active("ES256").orElseThrow().id(), now, now.plus(VALIDITY), name));
        }

        /** A real signature, with the key that the token names. */
        void sign() {
            String header = signer.sign(Map.of("aud", "x"), Deadline.after(Deadline.OF_A_REQUEST))
                    .split("\\.", -1)[0];
            assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
                    .contains(keys.view().active("ES256").orElseThrow().id());
        }

        /** Everything that it published, and somebody may still use, from one time to another. */
        Stream<Set<String>> publishedBetween(Instant from, Instant to) {
            Instant first = Optional.ofNullable(published.floorKey(from)).orElse(published.firstKey());
            return published.subMap(first, true, to, true).values().stream();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !KeyFolder.name(file).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        for (Path file : list(folder)) {
            contents.put(KeyFolder.name(file), Files.readAllBytes(file));
        }
        return contents;
    }

    @Test
    void rotations_filesArriveLateAndInAnyOrder_everyTokenVerifiesEverywhereAtEveryMoment() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("RotationTest: repeat with -Dseed=" + seed);
        Random random = new Random(seed);
        for (int schedule = 0; schedule < SCHEDULES; schedule++) {
            uploaded = schedule < SCHEDULES / 2 ? UploadedParties.NONE : UPLOADED;
            run(random, Files.createDirectory(folder.resolve("source-" + schedule)), schedule);
        }
    }

    private void run(Random random, Path source, int schedule) throws IOException {
        tokens.clear();
        deliveries.clear();
        Duration half = CLOCK_DIFFERENCE.dividedBy(2);
        KeySettings settings = new KeySettings(
                signing, VALIDITY, List.of(), () -> Optional.of(new PolicyParties(List.of("uploaded"), uploaded)));
        KeyStock stock =
                new KeyStock(source, settings, DiskOperations.ofPrivateFiles(), new SeenTime(within(random, half)));
        KeyCommands commands = new KeyCommands(stock, settings, line -> {});
        commands.generate("ES256");
        confirm(stock, commands);
        List<Replica> replicas =
                List.of(new Replica("a" + schedule, half, source), new Replica("b" + schedule, half.negated(), source));
        Duration every = Duration.ofHours(1 + random.nextInt(120));
        Set<String> signed = new HashSet<>();
        Instant end = now.plus(every.plus(CACHE_TIME.multipliedBy(2)).multipliedBy(ROTATIONS))
                .plus(CACHE_TIME.multipliedBy(4));
        while (now.isBefore(end)) {
            if (random.nextInt(4) == 0) {
                Map<String, byte[]> before = contents(source);
                commands.rotate(new KeyCommands.Rotation(Optional.of(every), Duration.ZERO, id -> true));
                if (random.nextInt(24) == 0) {
                    confirm(stock, commands);
                }
                send(before, contents(source), replicas, random);
            }
            while (!deliveries.isEmpty() && !deliveries.firstKey().isAfter(now)) {
                deliveries.pollFirstEntry().getValue().forEach(Runnable::run);
            }
            replicas.forEach(Replica::serve);
            replicas.forEach(replica -> replica.keys.view().active("ES256").ifPresent(key -> {
                if (signed.add(key.id())) {
                    replica.sign();
                }
            }));
            now = next(now.plusSeconds(60 + random.nextInt(3600)));
        }
        assertThat(signed.size()).isGreaterThan(ROTATIONS / 2);
        if (uploaded.equals(UPLOADED)) {
            assertThat(confirmed).containsAll(signed);
        }
        tokens.forEach(token -> assertVerifies(token, replicas));
    }

    /** A relying party holds what is published at this moment. */
    private void confirm(KeyStock stock, KeyCommands commands) throws IOException {
        for (KeyState state : List.of(KeyState.ACTIVE, KeyState.PUBLISHED)) {
            for (RingKey key : stock.view().in(state).toList()) {
                commands.confirm(key.id(), "uploaded");
                confirmed.add(key.id());
            }
        }
    }

    /** Between two changes, too, something is asked for. */
    private Instant next(Instant wanted) {
        return deliveries.isEmpty() || deliveries.firstKey().isAfter(wanted) ? wanted : deliveries.firstKey();
    }

    private static Duration within(Random random, Duration most) {
        return Duration.ofSeconds(random.nextLong(-most.toSeconds(), most.toSeconds() + 1));
    }

    private void send(Map<String, byte[]> before, Map<String, byte[]> after, List<Replica> replicas, Random random) {
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            if (Arrays.equals(before.get(name), after.get(name))) {
                continue;
            }
            for (Replica replica : replicas) {
                Instant arrival = now.plusSeconds(random.nextLong(SLOWEST_FILE.toSeconds()));
                Instant earlier = replica.newest.getOrDefault(name, Instant.MIN);
                Instant at = arrival.isAfter(earlier) ? arrival : earlier;
                replica.newest.put(name, at);
                Optional<byte[]> content = Optional.ofNullable(after.get(name));
                deliveries.computeIfAbsent(at, time -> new ArrayList<>()).add(() -> replica.deliver(name, content));
            }
        }
    }

    /** By the keys of every replica while it is valid, and by copies of them that were fetched up to a cache time before. */
    private static void assertVerifies(Token token, List<Replica> replicas) {
        for (Replica replica : replicas) {
            assertThat(replica.publishedBetween(token.issued().minus(CACHE_TIME), token.expires()))
                    .as("%s by the keys of %s", token, replica.name)
                    .allMatch(ids -> ids.contains(token.kid()));
        }
    }
}
