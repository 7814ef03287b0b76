package dev.tokenservice.signing;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The local signing keys: all are published, one signs.
 *
 * @param keys all keys, each once
 * @param active the one that signs
 */
record KeyRing(List<SigningKey> keys, SigningKey active) {

    /** A new key that nobody else has, for a service that runs alone and not for long. */
    static KeyRing generated(String algorithm, Optional<Provider> provider) {
        SigningKey key = SigningKey.generate(algorithm, provider);
        return new KeyRing(List.of(key), key);
    }

    /**
     * Every file of a folder, but for hidden ones (mounted secrets keep their bookkeeping there).
     *
     * @param algorithm the last key by file name with this algorithm signs
     * @throws SigningKeyException when the folder or any file of it cannot be used
     */
    static KeyRing ofFolder(Path folder, String algorithm) {
        List<SigningKey> keys = new ArrayList<>();
        for (Path file : files(folder)) {
            SigningKey key = KeyFile.read(file);
            if (keys.stream().anyMatch(other -> other.id().equals(key.id()))) {
                throw new SigningKeyException(file, "holds a key that another file holds, too: remove one of them");
            }
            keys.add(key);
        }
        SigningKey active = keys.stream()
                .filter(key -> key.algorithm().getId().equals(algorithm))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new SigningKeyException(
                        folder, "holds no key for " + algorithm + ": add one, or change SIGNING_ALGORITHM"));
        return new KeyRing(List.copyOf(keys), active);
    }

    static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, KeyRing::isKeyFile)) {
            entries.forEach(files::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw new SigningKeyException(folder, "is not a folder that can be read", e);
        }
        files.sort(Comparator.comparing(file -> String.valueOf(file.getFileName())));
        return files;
    }

    /** Not folders; but links that lead nowhere, which are refused: an older key would sign in the place of theirs. */
    private static boolean isKeyFile(Path path) {
        return !String.valueOf(path.getFileName()).startsWith(".") && !Files.isDirectory(path);
    }
}
