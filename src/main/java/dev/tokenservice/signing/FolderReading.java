package dev.tokenservice.signing;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One reading of a folder: sorts its files into keys, metadata and problems. */
final class FolderReading {

    private final KeyRing before;
    private final Optional<Instant> seen;
    private final Function<Path, SigningKey> reader;
    private final Map<String, Path> metadata = new HashMap<>();
    private final List<RingKey> read = new ArrayList<>();
    private final List<UnusableFileException> refused = new ArrayList<>();
    private final List<Path> strays = new ArrayList<>();

    /**
     * Begins.
     *
     * @param before what was read the last time
     * @param seen first-seen time of new keys
     * @param reader reads a file with a key, or throws an {@link UnusableFileException}
     */
    FolderReading(KeyRing before, Optional<Instant> seen, Function<Path, SigningKey> reader) {
        this.before = before;
        this.seen = seen;
        this.reader = reader;
    }

    KeyRing of(List<Path> files, Set<String> revoked) {
        List<Path> keyFiles = new ArrayList<>();
        for (Path file : files) {
            if (isMetadata(file)) {
                metadata.put(stem(KeyFolder.name(file)), file);
            } else {
                keyFiles.add(file);
            }
        }
        keyFiles.forEach(file -> add(file, keyFiles));
        metadata.forEach((stem, file) -> {
            if (keyFiles.stream().noneMatch(key -> stem(KeyFolder.name(key)).equals(stem))) {
                strays.add(file);
            }
        });
        return new KeyRing(List.copyOf(read), Set.copyOf(revoked), List.copyOf(refused), List.copyOf(strays));
    }

    /** A JSON Web Key may also be in a file whose name ends in {@code .json}. */
    private boolean isMetadata(Path file) {
        if (!KeyFolder.name(file).endsWith(KeyMetadata.SUFFIX)) {
            return false;
        }
        return !KeyFile.isJwk(file);
    }

    private void add(Path file, List<Path> all) {
        try {
            RingKey key = key(file, all);
            if (read.stream().anyMatch(other -> other.id().equals(key.id()))) {
                throw new UnusableFileException(file, "holds the same key as another file: remove one of them");
            }
            read.add(key);
        } catch (UnusableFileException e) {
            refused.add(e);
            before.keys().stream()
                    .filter(key -> key.file().filter(file::equals).isPresent())
                    .filter(key -> read.stream().noneMatch(other -> other.id().equals(key.id())))
                    .forEach(read::add);
        }
    }

    private RingKey key(Path file, List<Path> all) {
        SigningKey key = reader.apply(file);
        Optional<KeyMetadata> known =
                Optional.ofNullable(metadata.get(stem(KeyFolder.name(file)))).map(beside -> metadata(beside, key, all));
        Optional<RingKey> earlier = before.keys().stream()
                .filter(other -> other.id().equals(key.id()))
                .findFirst();
        return new RingKey(
                key,
                Optional.of(file),
                known,
                earlier.isPresent() ? earlier.get().firstSeen() : seen);
    }

    private static KeyMetadata metadata(Path file, SigningKey key, List<Path> all) {
        String stem = stem(KeyFolder.name(file));
        Set<Path> described = new HashSet<>(all);
        described.removeIf(other -> !stem(KeyFolder.name(other)).equals(stem));
        if (described.size() > 1) {
            throw new UnusableFileException(
                    file, "belongs to two keys, whose files differ only in the extension: rename one");
        }
        KeyMetadata metadata = KeyMetadata.read(file);
        String algorithm = key.algorithm().getId();
        if (!metadata.algorithm().equals(algorithm)) {
            throw new UnusableFileException(
                    file, "says " + metadata.algorithm() + ", and the key beside it is for " + algorithm);
        }
        return metadata;
    }

    /** Returns a file name without its extension. */
    static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
