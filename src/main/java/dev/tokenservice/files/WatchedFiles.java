package dev.tokenservice.files;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All files that are watched. They are looked at often, because not every file system tells of a change. Each is read on a
 * thread of its own, so that one whose file system does not answer keeps no other from being read.
 */
public final class WatchedFiles {

    private static final long INTERVAL_SECONDS = 1;
    private static final int LOOKS_AT_A_FOLDER = 2;

    /**
     * A look reads a few attributes, and sometimes a file, of which a list of a million lines takes seconds: what takes longer is
     * waited for no more, and told.
     */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long a round waits for the slowest: the next one must come in time for the others. */
    private static final Duration ROUND = Duration.ofMillis(500);

    private final List<Watching<?>> all = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private volatile @Nullable Instant lastRound;

    public WatchedFiles(Clock clock) {
        this.clock = clock;
    }

    private record Watching<T>(Watched<T> files, Patience patience) {

        Reload reload() {
            return patience.askNext(files::reload, PATIENCE)
                    .orElseGet(() -> new Reload(files.name(), Reload.Outcome.REFUSED, Patience.NO_ANSWER));
        }

        Stream<String> problems() {
            Stream<String> late = patience
                    .waitingFor()
                    .filter(waiting -> waiting.compareTo(PATIENCE) > 0)
                    .map(waiting -> files.name() + ": " + Patience.NO_ANSWER + " for " + waiting.toSeconds() + " s")
                    .stream();
            return Stream.concat(late, Stream.of(files.problem()).filter(problem -> !problem.isEmpty()));
        }
    }

    /**
     * Loads files and watches them from now on.
     *
     * @param name what they are, for the log
     * @param loader reads them, and throws an {@link UnusableFileException} where that cannot be done
     * @throws UnusableFileException when they cannot be used, or are not read within {@link #PATIENCE}
     */
    public <T> Watched<T> watch(String name, List<Path> files, Supplier<T> loader) {
        List<Path> fixed = List.copyOf(files);
        return watch(name, () -> fixed, loader);
    }

    /**
     * The same with files that may be others after each reading, as the first one names them.
     *
     * @param files at the time of each call, the same one first
     */
    public <T> Watched<T> watch(String name, Supplier<List<Path>> files, Supplier<T> loader) {
        return watch(name, files.get().get(0), () -> new Watched<>(name, files, Watched.LOOKS_OF_UNREST, loader));
    }

    /**
     * Loads the files of a folder, and watches from now on which there are and what is in them. A change is in force within 3
     * seconds, also where the files never rest.
     *
     * @param others files elsewhere that belong to them
     * @throws UnusableFileException as {@link #watch}
     */
    public <T> Watched<T> watchFolder(String name, Path folder, List<Path> others, Supplier<T> loader) {
        Supplier<List<Path>> files = () ->
                Stream.concat(Folder.list(folder).stream(), others.stream()).toList();
        return watch(name, folder, () -> new Watched<>(name, files, LOOKS_AT_A_FOLDER, loader));
    }

    private <T> Watched<T> watch(String name, Path first, Supplier<Watched<T>> start) {
        Patience patience = new Patience(clock);
        Watched<T> watched = patience.ask(start, PATIENCE)
                .orElseThrow(() -> new UnusableFileException(first, Patience.NO_ANSWER).of(name));
        all.add(new Watching<>(watched, patience));
        return watched;
    }

    public void start(ScheduledExecutorService executor) {
        lastRound = clock.instant();
        ScheduledFuture<?> unused =
                executor.scheduleWithFixedDelay(this::refresh, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** What keeps the files' own version from being in force, a line each: refused, not read, or not looked at. */
    public List<String> problems() {
        Stream<String> stopped = age()
                .filter(age -> age.compareTo(PATIENCE) > 0)
                .map(age -> "no file was looked at for " + age.toSeconds() + " s: restart the service")
                .stream();
        return Stream.concat(stopped, all.stream().flatMap(Watching::problems)).toList();
    }

    /** Returns how long ago the files were last looked at; empty before the first look. */
    public Optional<Duration> age() {
        return Optional.ofNullable(lastRound).map(last -> Duration.between(last, clock.instant()));
    }

    /** When what is in force expires, by kind. */
    public Map<String, Instant> expiries() {
        Map<String, Instant> first = new TreeMap<>();
        all.stream()
                .map(watching -> watching.files().get())
                .filter(Expiring.class::isInstance)
                .forEach(files -> ((Expiring) files)
                        .expiries()
                        .forEach((kind, end) ->
                                first.merge(kind, end, (one, other) -> one.isBefore(other) ? one : other)));
        return first;
    }

    public void refresh() {
        for (Watching<?> watching : all) {
            watching.patience()
                    .ask(
                            () -> {
                                watching.files().refresh();
                                return true;
                            },
                            ROUND);
        }
        lastRound = clock.instant();
    }

    /** Reads everything again, changed or not. */
    public List<Reload> reload() {
        return all.stream().map(Watching::reload).toList();
    }
}
