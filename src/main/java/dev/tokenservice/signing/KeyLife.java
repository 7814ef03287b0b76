package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The steps of commands on the keys of one algorithm. A step that is already done changes nothing. */
final class KeyLife {

    private final KeyStock stock;
    private final String algorithm;
    private final KeySettings settings;
    private final KeyUploads uploads;
    private final Consumer<String> output;

    /**
     * Works on a folder that the caller has locked.
     *
     * @param output takes a line for each change
     */
    KeyLife(KeyStock stock, String algorithm, KeySettings settings, Consumer<String> output) {
        this.stock = stock;
        this.algorithm = algorithm;
        this.settings = settings;
        this.uploads = new KeyUploads(stock, settings, output);
        this.output = output;
    }

    Optional<RingKey> active() {
        return stock.view().active(algorithm);
    }

    /** Returns whether a key signs, or waits only for confirmations. */
    boolean signsOrWaits(RingKey key) {
        Optional<RingKey> unheld = stock.ring().at(stock.now(), stock.periods()).active(algorithm);
        return Stream.concat(active().stream(), unheld.stream())
                .anyMatch(other -> other.id().equals(key.id()));
    }

    /** Returns the next key without an activation time. */
    Optional<RingKey> successor() {
        return successors().findFirst();
    }

    /** Returns the keys with metadata that are published and do not sign yet. */
    Stream<RingKey> successors() {
        return stock.view()
                .in(KeyState.PUBLISHED)
                .filter(key ->
                        key.algorithm().equals(algorithm) && key.metadata().isPresent());
    }

    /** Writes metadata for the key that signs, and for keys of interrupted commands, if they have none. */
    void describeKeys() throws IOException {
        Optional<RingKey> active = active();
        if (active.filter(key -> key.metadata().isEmpty()).isPresent()) {
            RingKey key = active.get();
            Instant now = stock.now();
            stock.describe(key, KeyMetadata.of(algorithm, now, Optional.of(now)));
            output.accept(key.id() + " signs, and has metadata now");
        }
        for (RingKey key : stock.ring().keys(algorithm).toList()) {
            if (KeyStock.isUnfinished(key)) {
                stock.describe(key, KeyMetadata.of(algorithm, stock.now(), Optional.empty()));
                output.accept(key.id() + " is published");
            }
        }
    }

    /** Records missing retirement times of keys whose successor is active, after an interruption. */
    void noteRetirements() throws IOException {
        UploadedParties uploaded = settings.uploaded(stock.ring());
        List<RingKey> turns = stock.view().keys().stream()
                .filter(status -> status.state() != KeyState.PUBLISHED)
                .map(KeyStatus::key)
                .filter(key ->
                        key.algorithm().equals(algorithm) && key.activates().isPresent())
                .sorted(Comparator.comparing(key -> key.activates().orElseThrow()))
                .toList();
        for (int i = 0; i + 1 < turns.size(); i++) {
            KeyMetadata metadata = turns.get(i).metadata().orElseThrow();
            Instant next = uploaded.since(turns.get(i + 1));
            if (metadata.retires().isEmpty()
                    && metadata.activates().orElseThrow().isBefore(next)
                    && !next.isAfter(stock.now())) {
                stock.describe(turns.get(i), metadata.retiring(next));
                output.accept(turns.get(i).id() + " has retired at " + next);
            }
        }
    }

    /** Lets a key sign from now on, and retires its predecessor. */
    void activate(RingKey key) throws IOException {
        Instant now = stock.now();
        stock.describe(key, key.metadata().orElseThrow().activating(now));
        output.accept(key.id() + " signs from " + now);
        uploads.tell(key);
        noteRetirements();
    }

    /** Creates a key that signs from now on, unless one signs. */
    void makeActive() throws IOException {
        RingKey key = stock.make(algorithm, true);
        output.accept(key.id() + " signs from " + key.activates().orElseThrow() + " (new)");
        uploads.tell(key);
    }

    /** Creates a successor, unless one exists. */
    void makeSuccessor() throws IOException {
        if (successor().isEmpty()) {
            checkRoom();
            RingKey key = stock.make(algorithm, false);
            output.accept(key.id() + " is published (new)");
            uploads.tell(key);
        }
    }

    private void checkRoom() {
        if (stock.view().published().size() >= WatchedRing.MOST_PUBLISHED) {
            throw new KeysException(stock.folder() + " has " + WatchedRing.MOST_PUBLISHED
                    + " published keys, and relying parties may not read a ninth: remove keys that nobody needs");
        }
    }

    /** Deletes keys that retired before a time, and remaining files of such keys. */
    void deleteRetiredBefore(Instant time) throws IOException {
        Predicate<KeyMetadata> isOld = metadata -> metadata.retires()
                .filter(end -> end.plus(stock.periods().retiring()).isBefore(time))
                .isPresent();
        List<RingKey> old = stock.view()
                .in(KeyState.RETIRED)
                .filter(key -> key.algorithm().equals(algorithm)
                        && key.metadata().filter(isOld).isPresent())
                .toList();
        for (RingKey key : old) {
            stock.delete(key);
            output.accept(key.id() + " is deleted");
        }
        for (Path stray : stock.strays()) {
            if (isOld.test(KeyMetadata.read(stray))) {
                stock.deleteMetadata(stray);
            }
        }
    }

    void revoke(String id) throws IOException {
        stock.revoke(id);
        output.accept(id + " is revoked");
    }
}
