package dev.tokenservice.signing;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What the commands do that change a folder of keys. Each can be interrupted at any moment, and run again: in between, and
 * afterwards, the ring works.
 */
final class KeyCommands {

    private final KeyStock stock;
    private final KeySettings settings;
    private final KeyUploads uploads;
    private final Consumer<String> output;

    /** Takes a folder that nobody else changes meanwhile. */
    KeyCommands(KeyStock stock, KeySettings settings, Consumer<String> output) {
        this.stock = stock;
        this.settings = settings;
        this.uploads = new KeyUploads(stock, settings, output);
        this.output = output;
    }

    /**
     * Activates the successors that are due, makes the next ones, and deletes old keys.
     *
     * @param every how long a key signs; empty for as short as {@code KEY_PUBLISH_LEAD} allows
     * @param keep how long a retired key is kept
     * @param isShown whether relying parties are shown a key
     */
    record Rotation(Optional<Duration> every, Duration keep, Predicate<String> isShown) {}

    /** Makes a key that signs, and its successor, where they are not there. */
    void generate(String algorithm) throws IOException {
        KeyLife life = life(algorithm);
        life.describeKeys();
        if (life.active().isEmpty()) {
            life.makeActive();
        }
        life.makeSuccessor();
    }

    void rotate(Rotation rotation) throws IOException {
        List<String> withoutKey = new ArrayList<>();
        List<String> algorithms = stock.ring().algorithms();
        if (algorithms.isEmpty()) {
            throw new KeysException(stock.folder() + " holds no key: run 'keys generate " + stock.folder() + "'");
        }
        for (String algorithm : algorithms) {
            if (!rotate(algorithm, rotation)) {
                withoutKey.add(algorithm);
            }
        }
        if (!withoutKey.isEmpty()) {
            throw new KeysException("no " + String.join(" and no ", withoutKey) + " key of " + stock.folder()
                    + " signs: run 'keys generate " + stock.folder() + " --algorithm " + withoutKey.get(0) + "'");
        }
    }

    /** Returns whether there is a key that signs. */
    private boolean rotate(String algorithm, Rotation rotation) throws IOException {
        KeyLife life = life(algorithm);
        life.describeKeys();
        life.noteRetirements();
        Optional<RingKey> active = life.active();
        if (active.isEmpty()) {
            return false;
        }
        Optional<RingKey> successor = life.successor().filter(key -> isDue(key, active.get(), rotation.every()));
        if (successor.isPresent()) {
            activate(successor.get(), life, rotation);
        }
        life.makeSuccessor();
        life.deleteRetiredBefore(stock.now().minus(rotation.keep()));
        return true;
    }

    private void activate(RingKey successor, KeyLife life, Rotation rotation) throws IOException {
        if (!uploads.missing(successor).isEmpty()) {
            uploads.tellHeld(successor);
        } else if (rotation.isShown().test(successor.id())) {
            life.activate(successor);
        } else {
            output.accept(successor.id() + " is not activated: the published copy does not have it yet");
        }
    }

    /** A key must have been published for as long as copies of the keys are used, however short its predecessor's turn is. */
    private boolean isDue(RingKey successor, RingKey active, Optional<Duration> every) {
        KeyMetadata metadata = successor.metadata().orElseThrow();
        if (metadata.activates().isPresent()) {
            // It has its turn without this command; where that has come, it is waiting for confirmations.
            return !metadata.activates().get().isAfter(stock.now());
        }
        Duration lead = every.isPresent()
                ? stock.periods().shortestLead()
                : stock.periods().publishLead();
        Instant earliest = metadata.created().plus(lead);
        Instant end = active.activates().orElse(Instant.MIN).plus(every.orElse(Duration.ZERO));
        return !earliest.isAfter(stock.now()) && !end.isAfter(stock.now());
    }

    /**
     * Revokes a key. Where it signed, another signs at once: a new one, as whoever took the key may have taken its successor from
     * the same folder.
     *
     * @param trustSuccessor whether the successor is to sign all the same
     */
    void revoke(String id, boolean trustSuccessor) throws IOException {
        RingKey key = stock.key(id);
        KeyLife life = life(key.algorithm());
        life.describeKeys();
        if (!stock.ring().revoked().contains(id)) {
            revoke(key, life, trustSuccessor);
            tellWhoStillAccepts(id);
        }
        if (life.active().isEmpty()) {
            life.makeActive();
        }
        life.makeSuccessor();
        uploads.tellRevoked(key);
    }

    /**
     * Notes that a relying party holds a key, which somebody has uploaded there.
     *
     * @throws KeysException where the key or the relying party is not known, or the key is not to sign
     */
    void confirm(String id, String relyingParty) throws IOException {
        new KeyConfirmation(stock, settings, output).confirm(stock.key(id), relyingParty);
    }

    /** What will sign comes first, the mark of the key last: where this is interrupted, running it again does the rest. */
    private void revoke(RingKey key, KeyLife life, boolean trustSuccessor) throws IOException {
        boolean signs = life.signsOrWaits(key);
        List<RingKey> suspects = trustSuccessor ? List.of() : suspects(key, life, signs);
        if (signs) {
            Optional<RingKey> trusted = trustSuccessor ? life.successor() : Optional.empty();
            if (trusted.isPresent()) {
                life.activate(trusted.get());
            } else {
                life.makeActive();
                life.noteRetirements();
            }
        }
        for (RingKey suspect : suspects) {
            life.revoke(suspect.id());
        }
        life.revoke(key.id());
    }

    /** Successors that lay beside the key while it signed; not those that were made after its own. */
    private static List<RingKey> suspects(RingKey key, KeyLife life, boolean signs) {
        Instant youngest =
                signs ? Instant.MAX : life.active().flatMap(RingKey::created).orElse(Instant.MIN);
        return life.successors()
                .filter(other -> !other.id().equals(key.id()))
                .filter(other -> !other.created().orElse(Instant.MIN).isAfter(youngest))
                .toList();
    }

    private void tellWhoStillAccepts(String id) {
        output.accept("Relying parties that have fetched the keys may accept tokens of " + id + " until "
                + stock.now().plus(stock.periods().cacheTime()) + " (KEY_CACHE_TIME): have them fetch the keys again.");
        output.accept(
                settings.audiences().isEmpty()
                        ? "No audience is configured here: ask who verifies tokens of this issuer."
                        : "Tokens are for: " + String.join(", ", settings.audiences()));
    }

    private KeyLife life(String algorithm) {
        return new KeyLife(stock, algorithm, settings, output);
    }
}
