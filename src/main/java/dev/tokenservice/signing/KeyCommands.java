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
 * Implements the commands that change a folder of keys. Each command can be interrupted at any time and run again. The key
 * ring is usable at every point in between.
 */
final class KeyCommands {

    private final KeyStock stock;
    private final KeySettings settings;
    private final KeyUploads uploads;
    private final Consumer<String> output;

    /** Works on a folder that the caller has locked. */
    KeyCommands(KeyStock stock, KeySettings settings, Consumer<String> output) {
        this.stock = stock;
        this.settings = settings;
        this.uploads = new KeyUploads(stock, settings, output);
        this.output = output;
    }

    /**
     * How to rotate: activates the successors that are due, creates the next ones, and deletes old keys.
     *
     * @param every how long a key signs; empty to activate a successor after {@code KEY_PUBLISH_LEAD}
     * @param keep how long a retired key stays in the folder
     * @param isShown whether the public copy of the keys has a key; true without a copy
     */
    record Rotation(Optional<Duration> every, Duration keep, Predicate<String> isShown) {}

    /** Creates a key that signs, and its successor, unless they exist. */
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

    /** Rotates the keys of an algorithm, and returns whether one of them signs. */
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

    /**
     * Returns whether to activate a successor. It must have been published for as long as relying parties cache keys, also if
     * {@code every} is shorter.
     */
    private boolean isDue(RingKey successor, RingKey active, Optional<Duration> every) {
        KeyMetadata metadata = successor.metadata().orElseThrow();
        if (metadata.activates().isPresent()) {
            // The key activates without this command. If its time has come, it waits for confirmations.
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
     * Revokes a key. If it signed, a new key signs immediately. The successor is revoked as well, because a thief of the key
     * could have read it from the same folder.
     *
     * @param trustSuccessor whether the successor signs instead of a new key
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
     * Records that an operator uploaded a key to a relying party.
     *
     * @throws KeysException if the key or the relying party is unknown, or the key will not sign
     */
    void confirm(String id, String relyingParty) throws IOException {
        new KeyConfirmation(stock, settings, output).confirm(stock.key(id), relyingParty);
    }

    /** Prepares the key that signs next, and marks the revoked key last. After an interruption, a second run does the rest. */
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

    /**
     * Returns the successors that were in the folder while the key signed, without those that were created after its own
     * successor.
     */
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
                + stock.now().plus(stock.periods().cacheTime())
                + " (KEY_CACHE_TIME): tell them to fetch the keys again.");
        output.accept(
                settings.audiences().isEmpty()
                        ? "The settings name no audience: tell everyone who verifies tokens of this issuer."
                        : "Tokens are for: " + String.join(", ", settings.audiences()));
    }

    private KeyLife life(String algorithm) {
        return new KeyLife(stock, algorithm, settings, output);
    }
}
