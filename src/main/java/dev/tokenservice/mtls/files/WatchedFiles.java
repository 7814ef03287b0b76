package dev.tokenservice.mtls.files;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** All files that are watched. They are looked at often, because not every file system tells of a change. */
public final class WatchedFiles {

    private static final long INTERVAL_SECONDS = 1;

    private final List<Watched<?>> all = new CopyOnWriteArrayList<>();

    /**
     * Loads files and watches them from now on.
     *
     * @param name what they are, for the log
     * @param loader reads them, and throws an {@link UnusableFileException} where that cannot be done
     */
    public <T> Watched<T> watch(String name, List<Path> files, Supplier<T> loader) {
        Watched<T> watched = new Watched<>(name, files, loader);
        all.add(watched);
        return watched;
    }

    /** Starts to look. */
    public void start(ScheduledExecutorService executor) {
        ScheduledFuture<?> unused =
                executor.scheduleWithFixedDelay(this::refresh, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** What is wrong with files of which an older version is in force. */
    public List<String> problems() {
        return all.stream()
                .map(Watched::problem)
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    /** When what is in force ends, by kind. */
    public Map<String, Instant> expiries() {
        Map<String, Instant> first = new TreeMap<>();
        all.stream()
                .map(Watched::get)
                .filter(Expiring.class::isInstance)
                .forEach(files -> ((Expiring) files)
                        .expiries()
                        .forEach((kind, end) ->
                                first.merge(kind, end, (one, other) -> one.isBefore(other) ? one : other)));
        return first;
    }

    /** Looks once. */
    public void refresh() {
        all.forEach(Watched::refresh);
    }

    /** Reads everything again, changed or not. */
    public List<Reload> reload() {
        return all.stream().map(Watched::reload).toList();
    }
}
