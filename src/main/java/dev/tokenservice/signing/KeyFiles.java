package dev.tokenservice.signing;

import dev.tokenservice.x509.PemKeyReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Caches the keys of files. Parses a file again only after its content changed. Not thread-safe. */
final class KeyFiles {

    private final Supplier<PemKeyReader> pemReader;
    private final Map<Path, KeyFile> files = new HashMap<>();

    /**
     * Creates an empty cache.
     *
     * @param pemReader called for each new content, because the password file may have changed
     */
    KeyFiles(Supplier<PemKeyReader> pemReader) {
        this.pemReader = pemReader;
    }

    /**
     * Reads a key.
     *
     * @throws dev.tokenservice.files.UnusableFileException if the file cannot be used
     */
    SigningKey read(Path file) {
        return files.computeIfAbsent(file, KeyFile::new).read(pemReader);
    }

    /** Removes all other files from the cache. */
    void retain(Collection<Path> those) {
        files.keySet().retainAll(those);
    }
}
