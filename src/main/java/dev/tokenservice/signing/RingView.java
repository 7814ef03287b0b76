package dev.tokenservice.signing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The states of all keys at one time.
 *
 * @param keys all keys by file name, each with its state
 * @param from the time
 * @param until when the next state may change by time alone
 */
public record RingView(List<KeyStatus> keys, Instant from, Instant until) {

    /** Returns whether the states are the same at another time. */
    boolean isValidAt(Instant time) {
        return !time.isBefore(from) && time.isBefore(until);
    }

    Stream<RingKey> in(KeyState state) {
        return keys.stream().filter(status -> status.state() == state).map(KeyStatus::key);
    }

    /** Returns the key that signs with an algorithm. */
    Optional<RingKey> active(String algorithm) {
        return in(KeyState.ACTIVE)
                .filter(key -> key.algorithm().equals(algorithm))
                .findFirst();
    }

    /** Returns the published keys, by file name. */
    List<RingKey> published() {
        return keys.stream()
                .filter(status -> status.state().isPublished())
                .map(KeyStatus::key)
                .toList();
    }

    /** Returns the algorithms of the keys. */
    public List<String> algorithms() {
        return SigningKey.ALGORITHMS.stream()
                .filter(algorithm -> of(algorithm).findAny().isPresent())
                .toList();
    }

    /** Returns the number of keys of an algorithm in a state. */
    public long count(String algorithm, KeyState state) {
        return of(algorithm).filter(status -> status.state() == state).count();
    }

    /** Returns the next decided change of a key of an algorithm. */
    public Optional<KeyStatus.Change> next(String algorithm) {
        return of(algorithm)
                .flatMap(status -> status.next().stream())
                .min((one, other) -> one.at().compareTo(other.at()));
    }

    /**
     * Returns when the key that signs with an algorithm was created, or its file was last written; empty if neither is known.
     */
    public Optional<Instant> created(String algorithm) {
        return active(algorithm).flatMap(RingKey::created);
    }

    /** Returns the ids of the keys that sign or will sign next, which relying parties must know. */
    public List<String> needed() {
        return Stream.concat(
                        in(KeyState.ACTIVE),
                        in(KeyState.PUBLISHED).filter(key -> key.metadata().isPresent()))
                .map(RingKey::id)
                .toList();
    }

    /** Returns the creation time of the oldest key of an algorithm that signs or will sign, and lacks a confirmation. */
    public Optional<Instant> unconfirmedSince(String algorithm) {
        return of(algorithm)
                .filter(status -> !status.unconfirmed().isEmpty())
                .flatMap(status -> status.key().created().stream())
                .min(Instant::compareTo);
    }

    /** Returns the ids of the keys that sign or will sign, and are not confirmed for a relying party. */
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
