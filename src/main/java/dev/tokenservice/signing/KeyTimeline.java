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
 * The keys of one algorithm over time. Keys whose metadata say when they activate take turns: each signs from its own turn until
 * the next one's; revoked keys have none. Where no such key has had its turn yet, the last key by file name without metadata
 * signs, once it is in the copies of the keys that others have.
 */
final class KeyTimeline {

    /** How long answers of this service with its keys may be cached. */
    private static final Duration JWKS_CACHE_TIME = Duration.ofMinutes(5);

    /** How much the clock that wrote the metadata may be ahead. A key signs so much earlier where no other does. */
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
     * Looks at keys at a time.
     *
     * @param keys all of the algorithm, by file name
     * @param uploaded the relying parties that have to hold a key before it signs
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

    /** What the keys are. */
    List<KeyStatus> statuses() {
        Optional<RingKey> signing = signing();
        return keys.stream().map(key -> status(key, state(key, signing))).toList();
    }

    private KeyStatus status(RingKey key, KeyState state) {
        boolean needed = state == KeyState.ACTIVE
                || (state == KeyState.PUBLISHED && key.metadata().isPresent());
        return new KeyStatus(key, state, next(key, state), needed ? uploaded.missing(key) : List.of());
    }

    /** Every moment at which {@link #statuses} may answer differently than a moment before. */
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

    /** Such a key activates when it comes, so that it is not in the copies of the keys that were fetched shortly before. */
    private boolean isNew(RingKey key) {
        return key.firstSeen()
                .filter(seen -> now.isBefore(seen.plus(JWKS_CACHE_TIME)))
                .isPresent();
    }

    private boolean hasTurn(RingKey key) {
        return !begin(key).isAfter(now) && end(key).isAfter(now);
    }

    /** Whether a key should have retired, and its successor cannot sign yet: it has not come, or has just come. */
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
     * When a key may sign first. One that this process saw only after its activation is not in the copies of the keys that were
     * fetched here shortly before: so the key before it signs on for as long as such a copy may be used. Where that one is
     * revoked there is nothing to wait for. {@link Instant#MAX} for one that waits for confirmations.
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

    /** When a key's turn is over; {@link Instant#MAX} where that is not decided. */
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
