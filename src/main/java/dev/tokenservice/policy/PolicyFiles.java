package dev.tokenservice.policy;

import dev.tokenservice.files.FileVersion;
import dev.tokenservice.files.Folder;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The policy and the files that it names, as they were at the beginning of a reading. */
final class PolicyFiles {

    private static final int MAX_MEBIBYTES = 64;
    private static final int GENERATION_BYTES = 6;

    private final Map<Path, String> looks = new LinkedHashMap<>();
    private final Map<Path, byte[]> digests = new HashMap<>();

    private final Path root;
    private final Path folder;

    /**
     * Records the state of the policy file.
     *
     * @param root the folder below which absolute paths are
     */
    PolicyFiles(Path policy, Path root) {
        this.root = root;
        this.folder = Optional.ofNullable(policy.toAbsolutePath().getParent()).orElse(root);
        look(policy);
    }

    /** Returns the path of a file that the policy names. */
    Path path(String named) {
        try {
            Path path = Path.of(named);
            return path.isAbsolute()
                    ? root.resolve(named.substring(1)).normalize()
                    : folder.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new UnusableFileException(
                    folder, "has no such file in this locale: other characters than ASCII need LANG=C.UTF-8", e);
        }
    }

    /**
     * Records the state of a file before it is read. For a folder, does so for all files that are not hidden. Returns these
     * files.
     */
    List<Path> look(Path path) {
        looks.putIfAbsent(path, FileVersion.of(path));
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> files = Folder.files(path);
        files.forEach(file -> looks.putIfAbsent(file, FileVersion.of(file)));
        return files;
    }

    /** Returns the content of a file, and caches its hash for {@link #generation}. */
    byte[] read(Path path) {
        look(path);
        byte[] content = RegularFile.bytes(path, MAX_MEBIBYTES);
        digests.put(path, sha256(content));
        return content;
    }

    List<Path> all() {
        return List.copyOf(looks.keySet());
    }

    /** Returns whether no file has changed since its state was recorded. */
    boolean isUnchanged() {
        return looks.entrySet().stream()
                .allMatch(look -> FileVersion.of(look.getKey()).equals(look.getValue()));
    }

    /** Returns a hash of the contents, but not of the paths, so that replicas can be compared. */
    String generation() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path file : looks.keySet()) {
            if (!Files.isDirectory(file)) {
                if (!digests.containsKey(file)) {
                    read(file);
                }
                all.writeBytes(digests.get(file));
            }
        }
        return HexFormat.of().formatHex(sha256(all.toByteArray()), 0, GENERATION_BYTES);
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
