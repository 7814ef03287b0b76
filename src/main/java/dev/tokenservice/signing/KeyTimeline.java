package dev.tokenservice.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which key of one algorithm signs at a time. Keys with an activation time sign one after the other: each until the
 * next one begins, without revoked keys. Before the first activation time, the last key by file name without metadata signs,
 * after the caches of the keys have it.
 */
final class KeyTimeline {

    /** How long relying parties and proxies may cache the key document of this service (Cache-Control). */
    private static final Duration JWKS_CACHE_TIME = Duration.ofMinutes(5);

    /** How far the clock that wrote the metadata may be ahead. A key may sign this much earlier if no other key signs. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private static final Comparator<RingKey> BY_TURN =
            Comparator.comparing((RingKey key) -> key.activates().orElse(Instant.MAX));

    private final List<RingKey> keys;
    private final List<RingKey> turns;
    private final Set<String> revoked;
    private final KeyPeriods periods;
    private final UploadedParties uploaded;
    private final KeyHold hold;
    private final Instant now;

    /**
     * Creates the timeline for one time.
     *
     * @param keys all keys of the algorithm, by file name
     * @param uploaded the relying parties that must hold a key before it signs
     */
    KeyTimeline(List<RingKey> keys, Set<String> revoked, KeyPeriods periods, UploadedParties uploaded, Instant now) {
        this.keys = keys;
        this.turns = keys.stream()
                .filter(key -> key.activates().isPresent())
                .sorted(BY_TURN)
                .toList();
        this.revoked = revoked;
        this.periods = periods;
        this.uploaded = uploaded;
        this.hold = new KeyHold(turns, revoked, periods, uploaded, now);
        this.now = now;
    }

    /** Returns the status of each key. */
    List<KeyStatus> statuses() {
        Optional<RingKey> signing = signing();
        return keys.stream().map(key -> status(key, state(key, signing))).toList();
    }

    private KeyStatus status(RingKey key, KeyState state) {
        boolean needed = state == KeyState.ACTIVE
                || (state == KeyState.PUBLISHED && key.metadata().isPresent());
        return new KeyStatus(key, state, next(key, state), needed ? uploaded.missing(key) : List.of());
    }

    /** Returns every time at which the result of {@link #statuses} can change. */
    Stream<Instant> changes() {
        Stream<Instant> withoutMetadata = keys.stream()
                .filter(key -> key.metadata().isEmpty())
                .flatMap(key -> key.firstSeen().stream())
                .map(seen -> seen.plus(JWKS_CACHE_TIME));
        return Stream.concat(withoutMetadata, turns.stream().flatMap(key -> {
            Instant end = end(key);
            List<Instant> changes =
                    new ArrayList<>(List.of(activates(key).minus(CLOCK_DIFFERENCE), activates(key), begin(key)));
            if (end.isBefore(Instant.MAX)) {
                changes.addAll(List.of(end, end.plus(periods.grace()), end.plus(periods.retiring())));
            }
            return changes.stream();
        }));
    }

    private Optional<RingKey> signing() {
        List<RingKey> usable = turns.stream().filter(key -> !isRevoked(key)).toList();
        return withoutMetadata()
                .or(() -> last(usable.stream().filter(this::hasTurn)))
                .or(() -> last(usable.stream().filter(this::signsOn)))
                .or(() -> last(usable.stream()
                        .filter(key -> !begin(key).isAfter(now.plus(CLOCK_DIFFERENCE)) && end(key).isAfter(now))));
    }

    private Optional<RingKey> withoutMetadata() {
        if (turns.stream().anyMatch(key -> !activates(key).isAfter(now))) {
            return Optional.empty();
        }
        List<RingKey> usable = keys.stream()
                .filter(key -> key.metadata().isEmpty() && !isRevoked(key))
                .toList();
        return last(usable.stream().filter(key -> !isNew(key))).or(() -> last(usable.stream()));
    }

    /** Returns whether relying parties may still cache keys without this key. A key without metadata has no lead time. */
    private boolean isNew(RingKey key) {
        return key.firstSeen()
                .filter(seen -> now.isBefore(seen.plus(JWKS_CACHE_TIME)))
                .isPresent();
    }

    private boolean hasTurn(RingKey key) {
        return !begin(key).isAfter(now) && end(key).isAfter(now);
    }

    /** Returns whether a key signs beyond its retirement time, because its successor is missing or too new to sign. */
    private boolean signsOn(RingKey key) {
        return !begin(key).isAfter(now)
                && now.isBefore(end(key).plus(periods.grace()))
                && after(key).filter(next -> !begin(next).isAfter(now)).isEmpty();
    }

    private KeyState state(RingKey key, Optional<RingKey> signing) {
        if (isRevoked(key)) {
            return KeyState.REVOKED;
        }
        if (signing.filter(active -> active.id().equals(key.id())).isPresent()) {
            return KeyState.ACTIVE;
        }
        if (key.activates().isEmpty() || (begin(key).isAfter(now) && end(key).isAfter(now))) {
            return KeyState.PUBLISHED;
        }
        Instant end = end(key);
        return end.equals(Instant.MAX) || now.isBefore(end.plus(periods.retiring()))
                ? KeyState.RETIRING
                : KeyState.RETIRED;
    }

    private Optional<KeyStatus.Change> next(RingKey key, KeyState state) {
        if (key.activates().isEmpty()) {
            return Optional.empty();
        }
        Instant end = end(key);
        return switch (state) {
            case PUBLISHED ->
                Optional.of(begin(key))
                        .filter(Instant.MAX::isAfter)
                        .map(time -> new KeyStatus.Change(KeyState.ACTIVE, time));
            case ACTIVE ->
                Optional.of(end)
                        .filter(time -> time.isAfter(now) && time.isBefore(Instant.MAX))
                        .map(time -> new KeyStatus.Change(KeyState.RETIRING, time));
            case RETIRING ->
                Optional.of(end)
                        .filter(Instant.MAX::isAfter)
                        .map(time -> new KeyStatus.Change(KeyState.RETIRED, time.plus(periods.retiring())));
            case RETIRED, REVOKED -> Optional.empty();
        };
    }

    /**
     * Returns the first time at which a key may sign; {@link Instant#MAX} while it waits for confirmations. Relying parties
     * may cache keys without a key that this process first saw after its activation time. So its predecessor signs until such
     * caches expire, unless it is revoked.
     */
    private Instant begin(RingKey key) {
        Instant confirmed = hold.endOf(key);
        Instant activates = confirmed.isAfter(activates(key)) ? confirmed : activates(key);
        return key.firstSeen()
                .filter(seen -> seen.isAfter(activates))
                .filter(seen ->
                        before(key).filter(previous -> !isRevoked(previous)).isPresent())
                .map(seen -> seen.plus(JWKS_CACHE_TIME))
                .orElse(activates);
    }

    /** Returns when a key stops signing; {@link Instant#MAX} if no time is decided. */
    private Instant end(RingKey key) {
        Instant retires = key.metadata().flatMap(KeyMetadata::retires).orElse(Instant.MAX);
        Instant next = turns.stream()
                .skip(turns.indexOf(key) + 1L)
                .filter(later -> !isRevoked(later))
                .findFirst()
                .map(this::begin)
                .orElse(Instant.MAX);
        return next.isBefore(retires) ? next : retires;
    }

    private Optional<RingKey> before(RingKey key) {
        int index = turns.indexOf(key);
        return index > 0 ? Optional.of(turns.get(index - 1)) : Optional.empty();
    }

    private Optional<RingKey> after(RingKey key) {
        int index = turns.indexOf(key);
        return index >= 0 && index < turns.size() - 1 ? Optional.of(turns.get(index + 1)) : Optional.empty();
    }

    private boolean isRevoked(RingKey key) {
        return revoked.contains(key.id());
    }

    private static Instant activates(RingKey key) {
        return key.activates().orElse(Instant.MAX);
    }

    private static Optional<RingKey> last(Stream<RingKey> keys) {
        return keys.reduce((earlier, later) -> later);
    }
}
