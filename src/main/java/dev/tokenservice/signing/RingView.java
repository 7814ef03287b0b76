package dev.tokenservice.signing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ring at one moment.
 *
 * @param keys all keys by file name, each with its state
 * @param from the moment
 * @param until when the states may be others, if nothing changes but the time
 */
public record RingView(List<KeyStatus> keys, Instant from, Instant until) {

    /** Whether the states are these at a time, too. */
    boolean isValidAt(Instant time) {
        return !time.isBefore(from) && time.isBefore(until);
    }

    Stream<RingKey> in(KeyState state) {
        return keys.stream().filter(status -> status.state() == state).map(KeyStatus::key);
    }

    /** The key that signs with an algorithm. */
    Optional<RingKey> active(String algorithm) {
        return in(KeyState.ACTIVE)
                .filter(key -> key.algorithm().equals(algorithm))
                .findFirst();
    }

    /** The keys that relying parties are shown, by file name. */
    List<RingKey> published() {
        return keys.stream()
                .filter(status -> status.state().isPublished())
                .map(KeyStatus::key)
                .toList();
    }

    /** The algorithms that there are keys for. */
    public List<String> algorithms() {
        return SigningKey.ALGORITHMS.stream()
                .filter(algorithm -> of(algorithm).findAny().isPresent())
                .toList();
    }

    /** How many keys of an algorithm are in a state. */
    public long count(String algorithm, KeyState state) {
        return of(algorithm).filter(status -> status.state() == state).count();
    }

    /** The next change of any key of an algorithm that is decided. */
    public Optional<KeyStatus.Change> next(String algorithm) {
        return of(algorithm)
                .flatMap(status -> status.next().stream())
                .min((one, other) -> one.at().compareTo(other.at()));
    }

    /** When the key was made that signs with an algorithm, or its file written last; empty where neither is known. */
    public Optional<Instant> created(String algorithm) {
        return active(algorithm).flatMap(RingKey::created);
    }

    /** The ids of the keys that sign, or will sign next: relying parties have to know them. */
    public List<String> needed() {
        return Stream.concat(
                        in(KeyState.ACTIVE),
                        in(KeyState.PUBLISHED).filter(key -> key.metadata().isPresent()))
                .map(RingKey::id)
                .toList();
    }

    /** Since when a key of an algorithm that signs, or is to, was not confirmed for a relying party: the first of them. */
    public Optional<Instant> unconfirmedSince(String algorithm) {
        return of(algorithm)
                .filter(status -> !status.unconfirmed().isEmpty())
                .flatMap(status -> status.key().created().stream())
                .min(Instant::compareTo);
    }

    /** The ids of the keys that sign, or are to, and were not confirmed for a relying party. */
    public List<String> unconfirmedFor(String relyingParty) {
        return keys.stream()
                .filter(status -> status.unconfirmed().contains(relyingParty))
                .map(status -> status.key().id())
                .toList();
    }

    private Stream<KeyStatus> of(String algorithm) {
        return keys.stream().filter(status -> status.key().algorithm().equals(algorithm));
    }
}
