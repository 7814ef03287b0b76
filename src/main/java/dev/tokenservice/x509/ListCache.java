package dev.tokenservice.x509;

import dev.tokenservice.files.Patience;
import dev.tokenservice.files.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A folder that keeps fetched lists over a restart. Nothing in it is trusted: the reader checks the list as if it had been
 * fetched. The time of a file is when its list was fetched, or found unchanged. A folder that hangs is not waited for.
 */
final class ListCache {

    private static final int MAX_MEBIBYTES = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Longer than any list may count. */
    private static final Duration KEPT = Duration.ofDays(31);

    private final Path folder;
    private final Clock clock;
    private final Patience patience;

    @SuppressWarnings("ArrayRecordComponent") // Never compared: read once, and gone.
    record Kept(byte[] content, Instant confirmed) {}

    ListCache(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.patience = new Patience(clock);
    }

    /** What is kept of a URL; empty if nothing is. */
    Optional<Kept> read(String authority, URI url) throws FetchException {
        Path file = file(authority, url);
        return ask(() -> Files.exists(file)
                ? Optional.of(new Kept(RegularFile.bytes(file, MAX_MEBIBYTES), time(file)))
                : Optional.empty());
    }

    private Instant time(Path file) {
        try {
            Instant time = Files.getLastModifiedTime(file).toInstant();
            Instant now = clock.instant();
            return time.isAfter(now) ? now : time;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces what is kept of a URL, as a whole. */
    void write(String authority, URI url, byte[] content, Instant confirmed) throws FetchException {
        Path file = file(authority, url);
        ask(() -> write(file, content, confirmed));
    }

    /** Notes that a list is still what the URL has. */
    void confirm(String authority, URI url, byte[] content, Instant confirmed) throws FetchException {
        Path file = file(authority, url);
        ask(() -> {
            if (!Files.exists(file)) {
                return write(file, content, confirmed);
            }
            try {
                return Files.setLastModifiedTime(file, FileTime.from(confirmed));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Path write(Path file, byte[] content, Instant confirmed) {
        try {
            prune();
            Path unfinished = Files.createTempFile(folder, ".", ".tmp");
            Files.write(unfinished, content);
            Files.setLastModifiedTime(unfinished, FileTime.from(confirmed));
            return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what nobody has confirmed for long: the lists of URLs that were, and what an interrupted process left. */
    private void prune() throws IOException {
        Instant oldest = clock.instant().minus(KEPT);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "{*.crl,.*.tmp}")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private synchronized <T> T ask(Supplier<T> question) throws FetchException {
        try {
            return patience.ask(question, PATIENCE)
                    .orElseThrow(() -> new FetchException(
                            FetchOutcome.CACHE, "cannot be kept in " + folder + ": " + Patience.NO_ANSWER));
        } catch (RuntimeException e) {
            throw new FetchException(FetchOutcome.CACHE, "cannot be kept in " + folder + ": " + e.getMessage(), e);
        }
    }

    private Path file(String authority, URI url) {
        byte[] hash = CertificateAttributes.digest((authority + "\n" + url).getBytes(StandardCharsets.UTF_8));
        return folder.resolve(HexFormat.of().formatHex(hash) + ".crl");
    }
}
