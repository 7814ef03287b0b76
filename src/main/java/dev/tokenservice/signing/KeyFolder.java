package dev.tokenservice.signing;

import dev.tokenservice.files.Folder;
import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the folder of signing keys repeatedly. If a file becomes invalid, its last valid key stays in use. A folder that is
 * empty or unreadable changes nothing. Not thread-safe.
 */
final class KeyFolder {

    static final String REVOKED = ".revoked";

    private final Path folder;
    private final KeyFiles files;
    private final Clock clock;
    private KeyRing before = KeyRing.EMPTY;
    private boolean started;

    KeyFolder(Path folder, KeyFiles files, Clock clock) {
        this.folder = folder;
        this.files = files;
        this.clock = clock;
    }

    /**
     * Reads the folder.
     *
     * @throws UnusableFileException if the folder cannot be read, or has neither a key nor the mark of a revoked key
     */
    KeyRing read() {
        List<Path> all = Folder.files(folder);
        if (all.isEmpty()) {
            throw refused("is empty: make keys with 'java -jar token-service.jar keys generate DIR'");
        }
        Optional<Instant> seen = started ? Optional.of(clock.instant()) : Optional.empty();
        FolderReading reading = new FolderReading(before, seen, files::read);
        Set<String> revoked = revoked(all);
        List<Path> others =
                all.stream().filter(file -> !name(file).endsWith(REVOKED)).toList();
        KeyRing read = reading.of(others, revoked);
        if (read.keys().isEmpty()) {
            // All keys are gone, as in an empty folder, so the previous ones stay. Revocations still apply.
            read = new KeyRing(before.keys(), union(before.revoked(), revoked), read.refused(), read.strays());
        }
        files.retain(all);
        before = read;
        started = true;
        return read;
    }

    private static Set<String> revoked(List<Path> files) {
        return files.stream()
                .map(KeyFolder::name)
                .filter(name -> name.endsWith(REVOKED))
                .map(name -> name.substring(0, name.length() - REVOKED.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns an exception for a problem of the whole folder. */
    UnusableFileException refused(String problem) {
        return new UnusableFileException(folder, problem);
    }

    /**
     * Returns the files with private keys.
     *
     * @throws UnusableFileException if the folder cannot be read
     */
    static List<Path> keyFiles(Path folder) {
        return Folder.files(folder).stream()
                .filter(file -> !name(file).endsWith(REVOKED))
                .filter(file -> !name(file).endsWith(KeyMetadata.SUFFIX) || KeyFile.isJwk(file))
                .toList();
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
