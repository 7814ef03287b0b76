package dev.tokenservice.signing;

import dev.tokenservice.files.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of keys that a command changes, a file at a time. After each change the ring works: a key's file comes before its
 * metadata, as a key without metadata is only published where others have some.
 */
final class KeyStock {

    /** In the order in which they are made, so that the last one by name is always one that is published. */
    private static final Pattern NAME = Pattern.compile("key-([0-9]{6,9})\\..+");

    private final Path folder;
    private final KeySettings settings;
    private final AtomicFiles files;
    private final KeyFiles keyFiles;
    private final Clock clock;

    KeyStock(Path folder, KeySettings settings, FileOperations operations, Clock clock) {
        this.folder = folder;
        this.settings = settings;
        this.files = new AtomicFiles(folder, operations);
        this.keyFiles = settings.files();
        this.clock = clock;
    }

    Path folder() {
        return folder;
    }

    KeyPeriods periods() {
        return settings.periods();
    }

    /** The time to write into metadata. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Reads the folder as it is now.
     *
     * @throws KeysException where a file of it cannot be used: it might be the key that signs
     */
    KeyRing ring() {
        if (Folder.files(folder).isEmpty()) {
            return KeyRing.EMPTY;
        }
        KeyRing ring = new KeyFolder(folder, keyFiles, clock).read();
        if (!ring.problems().isEmpty()) {
            throw new KeysException(String.join("; ", ring.problems()) + "; nothing was changed");
        }
        return ring;
    }

    RingView view() {
        KeyRing ring = ring();
        return ring.at(now(), periods(), settings.uploaded(ring));
    }

    /**
     * The key of an id.
     *
     * @throws KeysException where there is none
     */
    RingKey key(String id) {
        return ring().keys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new KeysException(
                        folder + " holds no key " + id + ": 'keys list " + folder + "' shows which it has"));
    }

    /**
     * Makes a key with its metadata.
     *
     * @param signs whether it signs from now on
     */
    RingKey make(String algorithm, boolean signs) throws IOException {
        SigningKey key = newKey(algorithm);
        String stem = "key-%06d".formatted(nextNumber());
        Instant now = now();
        KeyMetadata metadata = KeyMetadata.of(algorithm, now, signs ? Optional.of(now) : Optional.empty());
        Path file = files.write(stem + ".pem", KeyPem.write(key.privateKey(), settings.password()));
        files.write(stem + KeyMetadata.SUFFIX, metadata.content());
        return new RingKey(key, Optional.of(file), Optional.of(metadata), Optional.empty());
    }

    /** One whose id no command line takes for an option. */
    private static SigningKey newKey(String algorithm) {
        SigningKey key = SigningKey.generate(algorithm, Optional.empty());
        while (key.id().startsWith("-")) {
            key = SigningKey.generate(algorithm, Optional.empty());
        }
        return key;
    }

    /** Whether a key without metadata is one that an interrupted command has made. */
    static boolean isUnfinished(RingKey key) {
        return key.metadata().isEmpty()
                && key.file()
                        .filter(file -> NAME.matcher(KeyFolder.name(file)).matches())
                        .isPresent();
    }

    private long nextNumber() {
        return Folder.files(folder).stream()
                        .map(file -> NAME.matcher(KeyFolder.name(file)))
                        .filter(Matcher::matches)
                        .mapToLong(name -> Long.parseLong(name.group(1)))
                        .max()
                        .orElse(0)
                + 1;
    }

    void describe(RingKey key, KeyMetadata metadata) throws IOException {
        files.write(
                FolderReading.stem(KeyFolder.name(key.file().orElseThrow())) + KeyMetadata.SUFFIX, metadata.content());
    }

    void revoke(String id) throws IOException {
        files.write(id + KeyFolder.REVOKED, (now() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The key goes first: metadata without a key are ignored. */
    void delete(RingKey key) throws IOException {
        Path file = key.file().orElseThrow();
        files.delete(file);
        deleteMetadata(file);
    }

    void deleteMetadata(Path file) throws IOException {
        files.delete(folder.resolve(FolderReading.stem(KeyFolder.name(file)) + KeyMetadata.SUFFIX));
    }

    void deleteUnfinished() throws IOException {
        files.deleteUnfinished();
    }

    /** Files of metadata whose key is gone. */
    List<Path> strays() {
        return ring().strays();
    }
}
