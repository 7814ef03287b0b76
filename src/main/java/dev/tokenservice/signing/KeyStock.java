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
 * A folder of keys that a command changes, one file at a time. The key ring is usable after each change. A key file is
 * written before its metadata: beside keys with metadata, a key without metadata is only published.
 */
final class KeyStock {

    /** Names are in the order of creation, so that the last key by name is always published. */
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

    /** Returns the current time for metadata. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Reads the folder.
     *
     * @throws KeysException if a file cannot be used, because it could be the key that signs
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
     * Returns the key with an id.
     *
     * @throws KeysException if there is no such key
     */
    RingKey key(String id) {
        return ring().keys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new KeysException(
                        folder + " holds no key " + id + ": 'keys list " + folder + "' shows which it has"));
    }

    /**
     * Creates a key and its metadata.
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

    /** Returns a key whose id does not begin with a hyphen, which a command line would read as an option. */
    private static SigningKey newKey(String algorithm) {
        SigningKey key = SigningKey.generate(algorithm, Optional.empty());
        while (key.id().startsWith("-")) {
            key = SigningKey.generate(algorithm, Optional.empty());
        }
        return key;
    }

    /** Returns whether an interrupted command created this key, which has no metadata. */
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

    /** Deletes the key before its metadata, because metadata without a key are ignored. */
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

    /** Returns the metadata files without a key. */
    List<Path> strays() {
        return ring().strays();
    }
}
