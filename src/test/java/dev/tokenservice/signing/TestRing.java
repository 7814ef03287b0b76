package dev.tokenservice.signing;

import dev.tokenservice.testing.TestKeys;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rings of keys that were never in a file; a time is told in minutes after a fixed moment. */
final class TestRing {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Tokens live an hour, caches a day. */
    static final KeyPeriods PERIODS = new KeyPeriods(Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7));

    private static final List<SigningKey> KEYS =
            Stream.generate(TestKeys::ofJdkEc).limit(4).map(TestRing::key).toList();
    private static final SigningKey RSA = key(TestKeys.ofJdkRsa());

    private TestRing() {}

    private static SigningKey key(PrivateKey key) {
        return SigningKey.of(key, Optional.empty());
    }

    static Instant minute(long minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** A key without metadata; its name is its number. */
    static RingKey plain(int number) {
        return new RingKey(KEYS.get(number), Optional.of(Path.of(number + ".pem")), Optional.empty(), Optional.empty());
    }

    static RingKey rsa() {
        return new RingKey(RSA, Optional.of(Path.of("rsa.pem")), Optional.empty(), Optional.empty());
    }

    /** A key with metadata; activates and retires, as far as they are given. */
    static RingKey key(int number, long... minutes) {
        List<Optional<Instant>> times = new ArrayList<>(Arrays.stream(minutes)
                .mapToObj(minute -> Optional.of(minute(minute)))
                .toList());
        times.addAll(List.of(Optional.empty(), Optional.empty()));
        return new RingKey(
                KEYS.get(number),
                Optional.of(Path.of(number + ".pem")),
                Optional.of(new KeyMetadata("ES256", START, times.get(0), times.get(1), Collections.emptySortedMap())),
                Optional.empty());
    }

    /** The same key, which a relying party was confirmed to hold at a time. */
    static RingKey confirmed(String relyingParty, long minute, RingKey key) {
        return new RingKey(
                key.key(),
                key.file(),
                Optional.of(key.metadata().orElseThrow().confirming(relyingParty, minute(minute))),
                key.firstSeen());
    }

    /** The same key, which this process saw first at a time. */
    static RingKey seen(long minute, RingKey key) {
        return new RingKey(key.key(), key.file(), key.metadata(), Optional.of(minute(minute)));
    }

    static KeyRing ring(RingKey... keys) {
        return new KeyRing(List.of(keys), Set.of(), List.of(), List.of());
    }

    static KeyRing revoked(KeyRing ring, int... numbers) {
        return new KeyRing(
                ring.keys(),
                Arrays.stream(numbers).mapToObj(number -> KEYS.get(number).id()).collect(Collectors.toSet()),
                List.of(),
                List.of());
    }

    /** The states in the order of the keys, such as {@code "retiring active published"}. */
    static String states(KeyRing ring, long minute) {
        return states(ring, minute, UploadedParties.NONE);
    }

    /** The same where relying parties have to hold a key before it signs. */
    static String states(KeyRing ring, long minute, UploadedParties uploaded) {
        return ring.at(minute(minute), PERIODS, uploaded).keys().stream()
                .map(status -> status.state().label())
                .collect(Collectors.joining(" "));
    }
}
