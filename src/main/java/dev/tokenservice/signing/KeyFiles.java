package dev.tokenservice.signing;

import dev.tokenservice.x509.PemKeyReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Files with keys, each parsed once for each content. Not thread-safe. */
final class KeyFiles {

    private final Supplier<PemKeyReader> pemReader;
    private final Map<Path, KeyFile> files = new HashMap<>();

    /**
     * Takes how to read PEM.
     *
     * @param pemReader asked for each new content, as it may read a password again
     */
    KeyFiles(Supplier<PemKeyReader> pemReader) {
        this.pemReader = pemReader;
    }

    /**
     * Reads a key.
     *
     * @throws dev.tokenservice.files.UnusableFileException when the file cannot be used
     */
    SigningKey read(Path file) {
        return files.computeIfAbsent(file, KeyFile::new).read(pemReader);
    }

    /** Forgets all files but these. */
    void retain(Collection<Path> those) {
        files.keySet().retainAll(those);
    }
}
